//! What may be remembered.

use journal::Policy;

#[test]
fn names_are_stable() {
    assert_eq!(Policy::ALL.map(Policy::name), ["encrypted", "memory", "off"]);
    for policy in Policy::ALL {
        assert_eq!(Policy::from_name(policy.name()), Some(policy));
    }
    for other in ["", "Encrypted", "none", "memory "] {
        assert_eq!(Policy::from_name(other), None);
    }
    assert_eq!(Policy::default(), Policy::Encrypted);
}

#[test]
fn a_person_can_only_be_stricter() {
    use Policy::{Encrypted, Memory, Off};
    for (operator, person, holds) in [
        (Encrypted, None, Encrypted),
        (Memory, None, Memory),
        (Encrypted, Some(Memory), Memory),
        (Encrypted, Some(Off), Off),
        (Memory, Some(Encrypted), Memory),
        (Memory, Some(Off), Off),
        (Off, Some(Encrypted), Off),
        (Off, Some(Memory), Off),
    ] {
        assert_eq!(operator.tightened_by(person), holds, "{operator:?} {person:?}");
    }
}
