//! `docs/api.md` is written from the router's own table. `UPDATE_EXPECT=1 cargo test -p purser --test
//! api_page` writes it again.

use std::fmt::Write;

use expect_test::expect_file;
use purser::{Operation, Origin, operations};

const INTRODUCTION: &str = "\
# The API that Purser's own backend answers

This page is written from the table that the router is made of (`server/src/operations.rs`), so it cannot differ from it. What
the operations do is Waldur's behaviour; where ours differs on purpose is in
[server/DIFFERENCES.md](../server/DIFFERENCES.md). `purser serve` passes all of `/api/`, `/api-auth/` and `/media/` on to a real
Waldur instead.

* Whatever answers GET answers HEAD. Lists are JSON arrays; `page` (from 1), `page_size` (10, at most 300), `o` and `field` are
  understood, `X-Result-Count` and `Link` say how many there are and where the others are.
* `{uuid}` is 32 hex digits, with or without hyphens. Answers have none.
* Requests carry `Authorization: Token …`, except those marked *open*. Without it they are answered by 401, files by 404.
* Refusals are `{\"detail\": \"…\"}`, `{\"field\": [\"…\"]}`, or for answers a list as long as the request.

*From* says which Waldur has an operation: **seed**, the 24 of the first page about offering users; **Waldur**, what belongs around
them; **newer**, which `purser demo --profile seed` lacks.
";

#[test]
fn the_page_says_what_the_router_answers() {
    expect_file!["../../docs/api.md"].assert_eq(&page(&operations()));
}

fn page(operations: &[Operation]) -> String {
    let mut page = INTRODUCTION.to_owned();
    let mut heading = "";
    for operation in operations {
        let resource = resource(&operation.path);
        if resource != heading {
            heading = resource;
            let _ = write!(
                page,
                "\n## `{heading}`\n\n| | Path below it | | From |\n| --- | --- | --- | --- |\n"
            );
        }
        let path = match operation.path.strip_prefix(heading).unwrap_or_default() {
            "" => "–".to_owned(),
            rest => format!("`{rest}`"),
        };
        let open = if operation.is_open { " *(open)*" } else { "" };
        let Operation { method, summary, .. } = operation;
        let from = match operation.origin {
            Origin::Seed => "seed",
            Origin::Related => "Waldur",
            Origin::New => "newer",
        };
        let _ = writeln!(page, "| {method} | {path} | {summary}{open} | {from} |");
    }
    let _ = writeln!(page, "\n`/healthz` answers `{{\"status\": \"ok\"}}` while the program runs.");
    page
}

/// `/api/name/` of a path, or all of it.
fn resource(path: &str) -> &str {
    let ends = path.match_indices('/').map(|(at, _)| at + 1);
    ends.take(3).last().map_or(path, |end| &path[..end])
}

/// The operations of the first page, in the order in which it lists them.
const FIRST_PAGE: [&str; 24] = [
    "GET /",
    "GET /{uuid}/",
    "POST /",
    "POST /{uuid}/update_restricted/",
    "PUT /{uuid}/",
    "PATCH /{uuid}/",
    "PATCH /{uuid}/update_comments/",
    "DELETE /{uuid}/",
    "GET /{uuid}/checklist/",
    "GET /{uuid}/checklist_review/",
    "GET /checklist-template/",
    "GET /{uuid}/completion_review_status/",
    "GET /{uuid}/completion_status/",
    "POST /{uuid}/begin_creating/",
    "POST /{uuid}/request_deletion/",
    "POST /{uuid}/set_deleted/",
    "POST /{uuid}/set_deleting/",
    "POST /{uuid}/set_error_creating/",
    "POST /{uuid}/set_error_deleting/",
    "POST /{uuid}/set_ok/",
    "POST /{uuid}/set_pending_account_linking/",
    "POST /{uuid}/set_pending_additional_validation/",
    "POST /{uuid}/set_validation_complete/",
    "POST /{uuid}/submit_answers/",
];

#[test]
fn all_24_operations_of_the_first_page_are_there() {
    let all = operations();
    let seed = all.iter().filter(|it| it.origin == Origin::Seed);
    let mut ours: Vec<String> = seed.map(|it| format!("{} {}", it.method, it.path)).collect();
    let mut theirs = FIRST_PAGE.map(|it| it.replacen('/', "/api/marketplace-offering-users/", 1));
    ours.sort();
    theirs.sort();
    assert_eq!(ours, theirs);
}
