//! Every request, as it goes over the wire.

use api::{
    ChecklistId, CommentUpdate, ConsentId, CustomerId, Method, NewOfferingUser, OfferingId,
    OfferingUserFilter, OfferingUserId, ProviderId, Reason, Request, State, Transition, UserId,
};
use checklist::{QuestionId, Value};
use expect_test::expect;
use uuid::Uuid;

/// What would break out of an address or a JSON string if it were pasted in.
const HOSTILE: &str = "a&b=c #?/../%2e+é\"\\\n</script>";

const ID: Uuid = Uuid::from_u128(0x0d6a5f0e_9f1b_4d0c_8a3a_6d1b2c3d4e01);

/// One request per constructor, under the constructor's name.
#[derive(Default)]
struct Listing(Vec<(&'static str, String)>);

impl Listing {
    fn add<T>(&mut self, name: &'static str, request: Request<T>) {
        let Request { method, url, body, .. } = request;
        let method = format!("{method:?}").to_uppercase();
        let body = body.map(|it| format!("    {it}\n")).unwrap_or_default();
        self.0.push((name, format!("{method} {url}\n{body}")));
    }
}

/// Adds calls under the names of the functions called.
macro_rules! list {
    ($listing:ident: $($name:ident($($argument:expr),* $(,)?)),+ $(,)?) => {
        $($listing.add(stringify!($name), api::$name($($argument),*));)+
    };
}

fn text() -> String {
    HOSTILE.to_owned()
}

fn filter() -> OfferingUserFilter {
    OfferingUserFilter {
        offering: Some(text()),
        offering_uuid: vec![OfferingId(ID), OfferingId(Uuid::nil())],
        offering_slug: vec!["cluster".to_owned(), text()],
        parent_offering_uuid: Some(OfferingId(ID)),
        provider_uuid: Some(CustomerId(ID)),
        user_uuid: Some(UserId(ID)),
        user_username: Some(text()),
        state: vec![State::Ok, State::PendingAccountLinking],
        is_restricted: Some(true),
        has_consent: Some(false),
        created: Some("2026-01-05T09:00:00+00:00".to_owned()),
        created_before: Some("2026-01-06".to_owned()),
        modified: Some(text()),
        modified_before: Some(text()),
        query: Some(text()),
        runtime_state: vec!["Active".to_owned(), text()],
        has_complete_profile: Some(true),
        offering_has_active_tos: Some(false),
        field: vec!["uuid".to_owned(), text()],
        o: Some("-created,username".to_owned()),
        page: Some(2),
        page_size: Some(300),
    }
}

fn all() -> Listing {
    let id = OfferingUserId(ID);
    let (offering, provider) = (OfferingId(ID), ProviderId(ID));
    let everybody = OfferingUserFilter::default();
    let searched = OfferingUserFilter { query: Some(text()), ..everybody.clone() };
    let new = NewOfferingUser { offering_uuid: offering, user_uuid: UserId(ID), username: None };
    let named = NewOfferingUser { username: Some(text()), ..new.clone() };
    let comments = CommentUpdate {
        service_provider_comment: text(),
        service_provider_comment_url: String::new(),
    };
    let reason = Reason { comment: text(), comment_url: String::new() };
    let answers = [
        Value::Null,
        Value::from(HOSTILE),
        Value::List(vec![Value::Int(1), Value::Float(1.0), Value::Bool(true)]),
        Value::Map(vec![("name".to_owned(), Value::from(HOSTILE))]),
    ]
    .map(|answer| (QuestionId(ID), answer));

    let mut out = Listing::default();
    list! { out:
        sign_in(HOSTILE, HOSTILE),
        sign_out(),
        me(),
        roles(),
        configuration(),
        list_offering_users(&everybody),
        list_offering_users(&filter()),
        count_offering_users(&everybody),
        count_offering_users(&searched),
        retrieve_offering_user(id),
        create_offering_user(&new),
        create_offering_user(&named),
        update_username(id, HOSTILE),
        replace_offering_user(id, HOSTILE),
        delete_offering_user(id),
        update_restricted(id, true),
        update_comments(id, &comments),
        update_runtime_state(id, HOSTILE),
    }
    for step in Transition::ALL {
        list! { out: transition(id, step, Some(&reason)) }
    }
    list! { out:
        transition(id, Transition::SetPendingAccountLinking, None),
        checklist(id, false),
        checklist(id, true),
        checklist_review(id),
        completion_status(id),
        completion_review_status(id),
        checklist_template(ID),
        submit_answers(id, &[]),
        submit_answers(id, &answers),
        media("0d6a5f0e-9f1b-4d0c-8a3a-6d1b2c3d4e01"),
        media(HOSTILE),
        list_consents(offering, UserId(ID)),
        grant_consent(offering),
        revoke_consent(ConsentId(ID)),
        active_terms(offering),
        find_offerings("", 20),
        find_offerings(HOSTILE, 20),
        public_offering(offering),
        service_providers(1),
        compliance_overview(provider, 1),
        compliance_offering_users(provider, None, 1),
        compliance_offering_users(provider, Some(HOSTILE), u64::MAX),
        checklists_summary(provider, 1),
        completions(None, 1),
        completions(Some(false), 2),
    }
    out
}

#[test]
fn requests_travel_like_this() {
    let lines: String = all().0.into_iter().map(|(_, line)| line).collect();
    expect![[r#"
        POST /api-auth/password/
            {"username":"a&b=c #?/../%2e+é\"\\\n</script>","password":"a&b=c #?/../%2e+é\"\\\n</script>"}
        POST /api-auth/logout/
        GET /api/users/me/
        GET /api/roles/?page_size=300&field=name&field=permissions
        GET /api/configuration/
        GET /api/marketplace-offering-users/
        GET /api/marketplace-offering-users/?offering=a%26b%3Dc%20%23%3F%2F..%2F%252e%2B%C3%A9%22%5C%0A%3C%2Fscript%3E&offering_uuid=0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01%2C00000000000000000000000000000000&offering_slug=cluster%2Ca%26b%3Dc%20%23%3F%2F..%2F%252e%2B%C3%A9%22%5C%0A%3C%2Fscript%3E&parent_offering_uuid=0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01&provider_uuid=0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01&user_uuid=0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01&user_username=a%26b%3Dc%20%23%3F%2F..%2F%252e%2B%C3%A9%22%5C%0A%3C%2Fscript%3E&state=OK&state=Pending%20account%20linking&is_restricted=true&has_consent=false&created=2026-01-05T09%3A00%3A00%2B00%3A00&created_before=2026-01-06&modified=a%26b%3Dc%20%23%3F%2F..%2F%252e%2B%C3%A9%22%5C%0A%3C%2Fscript%3E&modified_before=a%26b%3Dc%20%23%3F%2F..%2F%252e%2B%C3%A9%22%5C%0A%3C%2Fscript%3E&query=a%26b%3Dc%20%23%3F%2F..%2F%252e%2B%C3%A9%22%5C%0A%3C%2Fscript%3E&runtime_state=Active&runtime_state=a%26b%3Dc%20%23%3F%2F..%2F%252e%2B%C3%A9%22%5C%0A%3C%2Fscript%3E&has_complete_profile=true&offering_has_active_tos=false&field=uuid&field=a%26b%3Dc%20%23%3F%2F..%2F%252e%2B%C3%A9%22%5C%0A%3C%2Fscript%3E&o=-created%2Cusername&page=2&page_size=300
        HEAD /api/marketplace-offering-users/
        HEAD /api/marketplace-offering-users/?query=a%26b%3Dc%20%23%3F%2F..%2F%252e%2B%C3%A9%22%5C%0A%3C%2Fscript%3E
        GET /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/
        POST /api/marketplace-offering-users/
            {"offering_uuid":"0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01","user_uuid":"0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01"}
        POST /api/marketplace-offering-users/
            {"offering_uuid":"0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01","user_uuid":"0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01","username":"a&b=c #?/../%2e+é\"\\\n</script>"}
        PATCH /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/
            {"username":"a&b=c #?/../%2e+é\"\\\n</script>"}
        PUT /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/
            {"username":"a&b=c #?/../%2e+é\"\\\n</script>"}
        DELETE /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/
        POST /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/update_restricted/
            {"is_restricted":true}
        PATCH /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/update_comments/
            {"service_provider_comment":"a&b=c #?/../%2e+é\"\\\n</script>","service_provider_comment_url":""}
        POST /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/update_runtime_state/
            {"runtime_state":"a&b=c #?/../%2e+é\"\\\n</script>"}
        POST /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/begin_creating/
        POST /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/set_pending_additional_validation/
            {"comment":"a&b=c #?/../%2e+é\"\\\n</script>","comment_url":""}
        POST /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/set_pending_account_linking/
            {"comment":"a&b=c #?/../%2e+é\"\\\n</script>","comment_url":""}
        POST /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/set_validation_complete/
        POST /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/set_ok/
        POST /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/set_error_creating/
        POST /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/set_error_deleting/
        POST /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/request_deletion/
        POST /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/set_deleting/
        POST /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/set_deleted/
        POST /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/set_pending_account_linking/
        GET /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/checklist/
        GET /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/checklist/?include_all=true
        GET /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/checklist_review/
        GET /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/completion_status/
        GET /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/completion_review_status/
        GET /api/marketplace-offering-users/checklist-template/?parent_uuid=0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01
        POST /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/submit_answers/
            []
        POST /api/marketplace-offering-users/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/submit_answers/
            [{"question_uuid":"0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01","answer_data":null},{"question_uuid":"0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01","answer_data":"a&b=c #?/../%2e+é\"\\\n</script>"},{"question_uuid":"0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01","answer_data":[1,1.0,true]},{"question_uuid":"0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01","answer_data":{"name":"a&b=c #?/../%2e+é\"\\\n</script>"}}]
        GET /api/media/0d6a5f0e-9f1b-4d0c-8a3a-6d1b2c3d4e01/
        GET /api/media/abc2escript/
        GET /api/marketplace-user-offering-consents/?offering_uuid=0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01&user_uuid=0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01
        POST /api/marketplace-user-offering-consents/
            {"offering":"0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01"}
        POST /api/marketplace-user-offering-consents/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/revoke/
        GET /api/marketplace-offering-terms-of-service/?offering_uuid=0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01&is_active=true
        GET /api/marketplace-provider-offerings/?o=name&page_size=20
        GET /api/marketplace-provider-offerings/?name=a%26b%3Dc%20%23%3F%2F..%2F%252e%2B%C3%A9%22%5C%0A%3C%2Fscript%3E&o=name&page_size=20
        GET /api/marketplace-public-offerings/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/
        GET /api/marketplace-service-providers/?page=1
        GET /api/marketplace-service-providers/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/compliance/compliance_overview/?page=1
        GET /api/marketplace-service-providers/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/compliance/offering_users/?page=1
        GET /api/marketplace-service-providers/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/compliance/offering_users/?page=18446744073709551615&compliance_status=a%26b%3Dc%20%23%3F%2F..%2F%252e%2B%C3%A9%22%5C%0A%3C%2Fscript%3E
        GET /api/marketplace-service-providers/0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01/compliance/checklists_summary/?page=1
        GET /api/marketplace-offering-user-checklist-completions/?page=1
        GET /api/marketplace-offering-user-checklist-completions/?page=2&is_completed=false
    "#]]
    .assert_eq(&lines);
}

#[test]
fn no_request_is_left_out() {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let mut declared = Vec::new();
    for file in std::fs::read_dir(source).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        declared.extend(text.split("\npub fn ").skip(1).filter_map(|it| {
            let (head, _) = it.split_once('{')?;
            head.contains("-> Request<").then(|| head.split_once('(').unwrap().0.to_owned())
        }));
    }
    let mut listed: Vec<&str> = all().0.into_iter().map(|(name, _)| name).collect();
    listed.sort_unstable();
    listed.dedup();
    declared.sort_unstable();
    assert_eq!(listed, declared);
}

#[test]
fn only_post_put_and_patch_carry_a_body() {
    for (name, line) in all().0 {
        let has_body = line.lines().count() > 1;
        assert!(!has_body || line.starts_with('P'), "{name}: {line}");
    }
}

#[test]
fn hostile_text_stays_in_its_parameter() {
    let request = api::list_offering_users(&filter());
    assert_eq!(request.method, Method::Get);
    let (path, query) = request.url.split_once('?').unwrap();
    assert_eq!(path, "/api/marketplace-offering-users/");
    assert_eq!(OfferingUserFilter::read(&api::QueryString::parse(query)), filter());
    for (name, line) in all().0 {
        let address = line.lines().next().unwrap();
        assert!(address.is_ascii() && !address.contains(['#', '"', '<', '\\']), "{name}: {line}");
    }
}

#[test]
fn ids_are_sent_without_hyphens() {
    let id: ChecklistId = "0D6A5F0E-9F1B-4D0C-8A3A-6D1B2C3D4E01".parse().unwrap();
    assert_eq!(id, ChecklistId(ID));
    assert_eq!(id.to_string(), "0d6a5f0e9f1b4d0c8a3a6d1b2c3d4e01");
}
