use super::find;

/// Recognises a script by the program that runs it.
pub(super) fn sniff(text: &[u8]) -> Option<&'static str> {
    if text.starts_with(b"<?php") {
        return Some("text/x-php");
    }
    if is_batch(text) {
        return Some("text/x-msdos-batch");
    }
    interpreter(text.split(|b| *b == b'\n').next()?.strip_prefix(b"#!")?)
}

/// Whether text begins with a command of DOS that is not to be shown.
fn is_batch(text: &[u8]) -> bool {
    let Some(rest) = text.strip_prefix(b"@") else { return false };
    let command = rest.trim_ascii_start().to_ascii_lowercase();
    let echo = command.strip_prefix(b"echo ").map(<[u8]>::trim_ascii_start);
    echo.is_some_and(|rest| rest.starts_with(b"off"))
        || command.starts_with(b"rem")
        || command.starts_with(b"set ")
}

/// Whether text tells the differences between files.
pub(super) fn is_patch(text: &[u8]) -> bool {
    const STARTS: [&[u8]; 4] = [b"diff ", b"Only in ", b"Common subdirectories: ", b"Index:"];
    let is_in_context = || text.starts_with(b"*** ") && find(text, b"\n--- ").is_some();
    let is_unified = || {
        let lines: Vec<_> = text.split(|b| *b == b'\n').collect();
        let begin = |lines: &[&[u8]], marks: [&[u8]; 3]| {
            lines.iter().zip(marks).all(|(line, mark)| line.starts_with(mark))
        };
        lines.windows(3).any(|lines| begin(lines, [b"--- ", b"+++ ", b"@@"]))
    };
    STARTS.iter().any(|start| text.starts_with(start)) || is_in_context() || is_unified()
}

fn interpreter(line: &[u8]) -> Option<&'static str> {
    let mut words = line.trim_ascii_end().split(|b| *b == b' ').filter(|word| !word.is_empty());
    let mut program = words.next()?.strip_prefix(b"/")?.rsplit(|b| *b == b'/').next()?;
    if program == b"env" {
        program = words.next()?;
    }
    PROGRAMS.iter().find(|(name, _)| *name == program).map(|(_, mime_type)| *mime_type)
}

const PROGRAMS: [(&[u8], &str); 14] = [
    (b"sh", "text/x-shellscript"),
    (b"bash", "text/x-shellscript"),
    (b"dash", "text/x-shellscript"),
    (b"ksh", "text/x-shellscript"),
    (b"zsh", "text/x-shellscript"),
    (b"python", "text/x-script.python"),
    (b"python2", "text/x-script.python"),
    (b"python3", "text/x-script.python"),
    (b"perl", "text/x-perl"),
    (b"ruby", "text/x-ruby"),
    (b"node", "application/javascript"),
    (b"awk", "text/x-awk"),
    (b"lua", "text/x-lua"),
    (b"tclsh", "text/x-tcl"),
];

/// Whether any line is `def name(…):`, `class Name…:` or `from name import …`.
pub(super) fn is_python(text: &[u8]) -> bool {
    text.split(|b| *b == b'\n').any(is_python_line)
}

fn is_python_line(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let word =
        |rest: &[u8]| rest.trim_ascii_start().iter().take_while(|b| is_name(**b)).count() > 0;
    if let Some(rest) = line.strip_prefix(b"def ") {
        return word(rest) && rest.contains(&b'(') && rest.ends_with(b":");
    }
    if let Some(rest) = line.strip_prefix(b"class ") {
        return word(rest) && rest.ends_with(b":");
    }
    let Some(rest) = line.strip_prefix(b"from ") else { return false };
    let mut words = rest.split(|b| *b == b' ').filter(|word| !word.is_empty());
    words.next().is_some_and(|name| name.iter().all(|b| is_name(*b)))
        && words.next() == Some(b"import".as_slice())
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.'
}
