//! A channel's own templates. In: the names of their files. Out: their texts, and every fault at its line, found by trying them on
//! invented news of every kind. It sends nothing.

use crate::config::code::Code;
use crate::config::fault::{Fault, Severity};
use crate::config::file::File;
use crate::config::table::Table;
use crate::model::limits::TEMPLATE_BYTES_MAX;
use crate::model::{Channel, Format, MailParts, MailTemplates, Template};
use crate::render;
use config::ValueKind;
use jiff::Timestamp;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// When the invented news are of: any time will do, and the same finds the same.
const SAMPLED_S: i64 = 1_800_000_000;

/// `template.alert` and `template.digest` of an e-mail or maildir channel.
pub(super) fn of_mail(table: &Table<'_>) -> MailTemplates {
    if let Some(ValueKind::String(_)) = table.kind("template") {
        let hint =
            "write template.alert = { subject = \"…\", text = \"…\", html = \"…\" }, and template.digest likewise";
        table.fault(
            "template",
            Code::WrongType,
            "a mail has several parts, each with a template of its own",
            Some(hint.into()),
        );
        return MailTemplates::default();
    }
    let parts =
        |of: &Table<'_>| MailParts { subject: named(of, "subject"), text: named(of, "text"), html: named(of, "html") };
    let of_kinds = table.table("template", |kinds| MailTemplates {
        alert: kinds.table("alert", parts).unwrap_or_default(),
        digest: kinds.table("digest", parts).unwrap_or_default(),
    });
    of_kinds.unwrap_or_default()
}

/// `template` of a webhook with `format = "template"`.
pub(super) fn of_webhook(table: &Table<'_>, format: Option<Format>) -> Option<Template> {
    let wanted = format == Some(Format::Template);
    if !table.has("template") {
        if wanted {
            let hint = "write template = \"body.json.j2\"";
            table.fault("format", Code::Missing, "there is no template", Some(hint.into()));
        }
        return None;
    }
    if let Some(ValueKind::Table(_)) = table.kind("template") {
        let hint = "write template = \"body.json.j2\"; in it, ask for `type` to tell alerts from digests";
        table.fault_at_key("template", Code::WrongType, "a webhook has one template", Some(hint.into()));
        return None;
    }
    if wanted {
        return named(table, "template");
    }
    table.pass("template");
    let hint = "write format = \"template\", or leave `template` out";
    table.fault_at_key(
        "template",
        Code::Conflict,
        "a template is used with format = \"template\" alone",
        Some(hint.into()),
    );
    None
}

/// The template in the file that a key names.
fn named(table: &Table<'_>, key: &'static str) -> Option<Template> {
    let path: PathBuf = table.path(key)?;
    match read(&path) {
        Ok(text) => Some(Template { name: path.display().to_string(), text: text.into() }),
        Err(why) => {
            let hint = "the path is relative to the file that names it";
            table.fault(key, Code::BadTemplate, format!("{}: {why}", path.display()), Some(hint.into()));
            None
        }
    }
}

fn read(path: &Path) -> Result<String, String> {
    let file = std::fs::File::open(path).map_err(|error| format!("cannot be read: {error}"))?;
    let mut bytes = vec![];
    file.take(TEMPLATE_BYTES_MAX as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("cannot be read: {error}"))?;
    if bytes.len() > TEMPLATE_BYTES_MAX {
        return Err(format!("it is longer than {} KiB", TEMPLATE_BYTES_MAX >> 10));
    }
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".into())
}

/// Tries the channel's templates; each fault stands at its line of the template.
pub(super) fn check(table: &Table<'_>, channel: &Channel) {
    let now = Timestamp::from_second(SAMPLED_S).unwrap_or_default();
    let parts = [&channel.templates.alert, &channel.templates.digest];
    let mail = parts.into_iter().flat_map(|parts| [&parts.subject, &parts.text, &parts.html]).flatten();
    let hook = match &channel.kind {
        crate::model::ChannelKind::Webhook(hook) => hook.template.as_ref(),
        _ => None,
    };
    let known: Vec<&Template> = mail.chain(hook).collect();
    for bad in render::template::check(channel, now) {
        let text = known.iter().find(|template| template.name == bad.name).map_or("", |template| &template.text);
        let file = File::new(bad.name.clone(), PathBuf::new(), text);
        let begin = text.split_inclusive('\n').take(bad.line.saturating_sub(1)).map(str::len).sum::<usize>();
        let span = bad.span.unwrap_or(begin..begin + text[begin.min(text.len())..].lines().next().map_or(0, str::len));
        let (line, col) = file.position(span.start);
        let excerpt = file.excerpt(&span);
        table.tree.fault_elsewhere(Fault {
            severity: Severity::Error,
            code: Code::BadTemplate.as_str(),
            file: bad.name,
            line,
            col,
            len: excerpt.len,
            what: bad.what,
            hint: None,
            excerpt: Some(excerpt),
        });
    }
}
