//! The user's own templates: Jinja, by minijinja. In: a template, a message, the reader's zone. Out: text, or the line at fault.
//! A template reads no file and no environment, includes nothing, and ends: its steps and its output are counted. What is in a feed
//! is a value here and never a template.

use super::{line, sample, view};
use crate::model::limits::{TEMPLATE_FUEL, TEMPLATE_OUTPUT_BYTES_MAX};
use crate::model::{Channel, ChannelKind, MailParts, Message, MessageKind, Template};
use crate::text;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use std::io;

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFault {
    /// The template's name.
    pub name: String,
    /// The line, from 1.
    pub line: usize,
    /// The bytes of the template that are meant, as far as they are known.
    pub span: Option<std::ops::Range<usize>>,
    /// What is wrong, in words.
    pub what: String,
}

impl std::fmt::Display for TemplateFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.name, self.line, self.what)
    }
}

/// What a template gives for a message.
///
/// # Errors
/// The line at fault.
pub fn filled(template: &Template, message: &Message, zone: &TimeZone) -> Result<String, TemplateFault> {
    run(template, escape(&template.name), &view::view(message, zone), zone)
}

/// Every name that a template knows of this message, with its value.
#[must_use]
pub fn names(message: &Message, zone: &TimeZone) -> serde_json::Value {
    view::view(message, zone)
}

/// Puts what the user's templates give in the place of the message's own parts. Where one fails, the part stays as it is and says so:
/// a mail is never lost to a slip in a template.
pub(super) fn apply(parts: &MailParts, message: &mut Message, zone: &TimeZone) {
    if *parts == MailParts::default() {
        return;
    }
    let view = view::view(message, zone);
    let mut faults = vec![];
    let mut fill = |template: &Option<Template>, escape: AutoEscape| {
        let filled = run(template.as_ref()?, escape, &view, zone);
        filled.map_err(|fault| faults.push(fault.to_string())).ok()
    };
    let subject = fill(&parts.subject, AutoEscape::None);
    let (text, html) = (fill(&parts.text, AutoEscape::None), fill(&parts.html, AutoEscape::Html));
    if let Some(subject) = subject {
        let subject = line::line(&subject, crate::model::limits::SUBJECT_CHARS_MAX);
        if !subject.is_empty() {
            message.subject = subject;
        }
    }
    if let Some(text) = text {
        message.text = text;
    }
    if let Some(html) = html {
        message.html = html;
    }
    if !faults.is_empty() {
        message.text.extend(["\nThe channel's template failed: ", &faults.join("; "), "\n"]);
    }
}

/// Tries all templates of a channel on invented messages of every kind that they are for, full ones and bare ones.
#[must_use]
pub fn check(channel: &Channel, now: Timestamp) -> Vec<TemplateFault> {
    let mut faults: Vec<TemplateFault> = vec![];
    let mut told = |fault: TemplateFault| {
        if !faults.iter().any(|known| (&known.name, known.line) == (&fault.name, fault.line)) {
            faults.push(fault);
        }
    };
    let plain = Channel::plain(channel.id.clone(), ChannelKind::Stdout, channel.zone.clone());
    let samples = sample::messages(&plain, now);
    let kinds = [(&channel.templates.alert, MessageKind::Alert), (&channel.templates.digest, MessageKind::Digest)];
    for (parts, kind) in kinds {
        for message in samples.iter().filter(|message| message.kind == kind) {
            let escaped =
                [(&parts.subject, AutoEscape::None), (&parts.text, AutoEscape::None), (&parts.html, AutoEscape::Html)];
            for (template, escape) in escaped {
                let view = || view::view(message, &channel.zone);
                let filled = template.as_ref().map(|template| run(template, escape, &view(), &channel.zone));
                filled.and_then(Result::err).into_iter().for_each(&mut told);
            }
        }
    }
    if let ChannelKind::Webhook(hook) = &channel.kind
        && let Some(template) = &hook.template
    {
        let typed = hook.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let is_json = typed.is_none_or(|(_, value)| value.reveal().contains("json"));
        for message in &samples {
            match filled(template, message, &channel.zone) {
                Err(fault) => told(fault),
                Ok(text) if is_json => {
                    if let Err(bad) = serde_json::from_str::<serde_json::Value>(&text) {
                        let shown = text.lines().nth(bad.line().saturating_sub(1)).unwrap_or("");
                        let what = format!(
                            "for {} it gives no JSON: {bad}, in {:?}",
                            message.kind.as_str(),
                            text::cut(shown.trim(), 80)
                        );
                        told(TemplateFault { name: template.name.clone(), line: 1, span: None, what });
                    }
                }
                Ok(_) => {}
            }
        }
    }
    faults
}

/// What a template for a webhook escapes, by the ending of its name: JSON unless it says otherwise.
fn escape(name: &str) -> AutoEscape {
    let name = [".j2", ".jinja", ".jinja2"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "txt" | "md" => AutoEscape::None,
        "html" | "htm" | "xml" => AutoEscape::Html,
        _ => AutoEscape::Json,
    }
}

fn run(
    template: &Template,
    escape: AutoEscape,
    view: &serde_json::Value,
    zone: &TimeZone,
) -> Result<String, TemplateFault> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(TEMPLATE_FUEL));
    environment.set_auto_escape_callback(move |_| escape.clone());
    environment.set_debug(true);
    if let Ok(syntax) = SyntaxConfig::builder().keep_trailing_newline(true).build() {
        environment.set_syntax(syntax);
    }
    // What is not known is nothing, not the word "None"; in JSON it is null.
    environment.set_formatter(|output, state, value| {
        if value.is_none() && !matches!(state.auto_escape(), AutoEscape::Json) {
            return Ok(());
        }
        minijinja::escape_formatter(output, state, value)
    });
    let zone = zone.clone();
    environment.add_filter("local", move |time: Value, options: Kwargs| local(&time, &options, &zone));
    environment.add_filter("cut", |text: String, chars_max: usize| text::cut(&text, chars_max));
    let fault = |error: &Error| at_fault(template, error);
    environment.add_template(&template.name, &template.text).map_err(|error| fault(&error))?;
    let compiled = environment.get_template(&template.name).map_err(|error| fault(&error))?;
    let mut output = Bounded(vec![]);
    compiled.render_captured_to(Value::from(Serde(view)), &mut output).map(drop).map_err(|error| fault(&error))?;
    Ok(String::from_utf8_lossy(&output.0).into_owned())
}

/// `{{ alert.published|local }}`, `{{ timestamp|local(format="%H:%M") }}`: a time on the reader's clock; nothing for no time.
fn local(time: &Value, options: &Kwargs, zone: &TimeZone) -> Result<String, Error> {
    let format: Option<String> = options.get("format")?;
    options.assert_all_used()?;
    if time.is_none() {
        return Ok(String::new());
    }
    let bad = |what: String| Error::new(ErrorKind::InvalidOperation, what);
    let typed = time.to_string();
    let instant: Timestamp = typed.parse().map_err(|_| bad(format!("{typed:?} is no time")))?;
    let format = format.as_deref().unwrap_or("%-d %b %Y, %H:%M");
    let shown = jiff::fmt::strtime::format(format, &instant.to_zoned_datetime(zone.clone()));
    shown.map_err(|why| bad(format!("{format:?} is no format of a time: {why}")))
}

fn at_fault(template: &Template, error: &Error) -> TemplateFault {
    let words = error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
    let words = match error.kind() {
        ErrorKind::UndefinedError => {
            let meant = error.range().and_then(|span| template.text.get(span)).unwrap_or("this");
            format!("{meant:?} is not there; ask `is defined` first, or look at `digest preview --show names`")
        }
        ErrorKind::OutOfFuel => format!("it takes more than {TEMPLATE_FUEL} steps"),
        ErrorKind::WriteFailure => format!("it gives more than {TEMPLATE_OUTPUT_BYTES_MAX} bytes"),
        ErrorKind::TemplateNotFound => format!("{words} (a template includes no other one)"),
        _ => words,
    };
    let what = text::cut(&text::one_line(&words), 300);
    TemplateFault { name: template.name.clone(), line: error.line().unwrap_or(1), span: error.range(), what }
}

/// Takes so much and no more.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if self.0.len() + piece.len() > TEMPLATE_OUTPUT_BYTES_MAX {
            return Err(io::Error::other("too much"));
        }
        self.0.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[path = "template/tests.rs"]
mod tests;
