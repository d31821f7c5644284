//! Templates as users write them, and as they get them wrong.

use super::super::tests::{alert_message, channel, digest, hostile_alert, made};
use super::*;
use crate::model::{ChannelId, Format, Secret, Webhook};

fn template(name: &str, text: &str) -> Template {
    Template { name: name.into(), text: text.into() }
}

fn zone() -> TimeZone {
    TimeZone::get("Asia/Tashkent").unwrap()
}

fn filled_alert(name: &str, text: &str) -> Result<String, String> {
    filled(&template(name, text), &alert_message(&super::super::tests::alert()), &zone())
        .map_err(|fault| fault.to_string())
}

#[test]
fn a_template_sees_the_alert_as_its_reader_does() {
    let text = "{{ alert.rule }}: {{ alert.title.text }}, {{ alert.outlet }} at {{ alert.published|local(format='%H:%M') }}\n\
        {% for sentence in alert.sentences %}{% for piece in sentence.pieces %}\
        {% if piece.hit %}[{{ piece.text }}]{% else %}{{ piece.text }}{% endif %}{% endfor %}\n{% endfor %}\
        {{ alert.reasons }}; {{ alert.outlets|map(attribute='name')|join(', ') }}; {{ data.story.first_seen|local }}\n";
    insta::assert_snapshot!(filled_alert("alert.txt", text).unwrap(), @r#"
    SCO security: Wang Yi urges solidarity in Astana, Daryo at 14:05
    Foreign ministers of the [Shanghai Cooperation Organization] (SCO) met in Astana on Monday, and [Wang Yi] called on them “to stand together” against interference.
    Mr [Wang] said that the [SCO] would set up a joint centre against [drug trafficking] by the end of the year.
    Wang Yi ×3, Shanghai Cooperation Organization ×2, “drug trafficking”; Xinhua, Kun.uz, Gazeta.uz; 24 May 2024, 14:02
    "#);
}

#[test]
fn what_is_escaped_goes_by_the_ending_and_json_is_the_rule() {
    let hostile = alert_message(&hostile_alert("<b>\"Ada\"\u{7} {{ 7*7 }}</b>"));
    let filled = |name| filled(&template(name, "{{ alert.title.text }}"), &hostile, &zone()).unwrap();
    let title = "<b>\"Ada\" {{ 7*7 }}</b>";
    assert_eq!(filled("a.txt.j2"), title);
    assert_eq!(filled("a.html.jinja"), "&lt;b&gt;&quot;Ada&quot; {{ 7*7 }}&lt;&#x2f;b&gt;");
    for name in ["a.json", "a.j2", "a"] {
        assert_eq!(serde_json::from_str::<String>(&filled(name)).unwrap(), title, "{name}");
    }
}

#[test]
fn every_slip_is_told_at_its_line() {
    for (text, told) in [
        ("\n{{ alert.titel }}", "t.txt:2: \"alert.titel\" is not there"),
        ("{% if x %}", "t.txt:1: "),
        ("\n\n{{ alert.rule|shout }}", "t.txt:3: unknown filter"),
        ("{{ alert.rule|local }}", "t.txt:1: invalid operation: \"SCO security\" is no time"),
        ("{{ timestamp|local(format='%') }}", "is no format of a time"),
        ("{{ timestamp|local(zone='UTC') }}", "t.txt:1: too many arguments"),
        ("{% include '/etc/passwd' %}", "t.txt:1: syntax error"),
        (
            "{% for a in range(10000) %}{% for b in range(10000) %}{{ b }}{% endfor %}{% endfor %}",
            "it takes more than 500000 steps",
        ),
    ] {
        let fault = filled_alert("t.txt", text).unwrap_err();
        assert!(fault.contains(told), "{text}: {fault}");
    }
    let long = Template {
        name: "t.txt".into(),
        text: format!("{{% for n in range(9000) %}}{}{{% endfor %}}", "x".repeat(500)).into(),
    };
    let fault = filled(&long, &alert_message(&super::super::tests::alert()), &zone()).unwrap_err().to_string();
    assert!(fault.contains("bytes") || fault.contains("steps"), "{fault}");
}

#[test]
fn no_template_takes_more_memory_than_its_steps_stand_for() {
    for text in [
        "{{ 'x' * 100000000000 }}",
        "{% set ns = namespace(x='x') %}{% for n in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    ] {
        assert!(filled_alert("t.txt", text).is_err(), "{text}");
    }
}

#[test]
fn a_mail_is_what_its_templates_make_of_it_and_the_rest_is_as_ever() {
    let mut channel = channel();
    channel.templates.alert.subject =
        Some(template("subject.j2", "{{ alert.rule }}:\n {{ alert.title.text }}\r\nBcc: x"));
    channel.templates.alert.html = Some(template("alert.j2", "<p>{{ alert.title.text }} & {{ alert.link }}</p>"));
    let plain = alert_message(&super::super::tests::alert());
    let message = super::super::alert(&hostile_alert("<b>"), &channel, plain.id.clone(), made(), None);
    assert_eq!(message.subject, "SCO security: <b> Bcc: x");
    assert_eq!(message.html, "<p>&lt;b&gt; & </p>");
    let message = super::super::alert(&super::super::tests::alert(), &channel, plain.id.clone(), made(), None);
    assert_eq!(message.text, plain.text);
    let digest = super::super::digest(&digest(), &channel, plain.id, made());
    assert!(digest.html.contains("Coverage"), "a digest has templates of its own");
}

#[test]
fn a_template_that_fails_costs_nothing_but_its_part() {
    let mut channel = channel();
    channel.templates.alert.html = Some(template("alert.html", "{{ nothing.here }}"));
    channel.templates.alert.subject = Some(template("subject.txt", "Mine: {{ alert.rule }}"));
    let plain = alert_message(&super::super::tests::alert());
    let message = super::super::alert(&super::super::tests::alert(), &channel, plain.id.clone(), made(), None);
    assert_eq!((message.subject.as_str(), &message.html), ("Mine: SCO security", &plain.html));
    assert!(message.text.starts_with(&plain.text) && message.text.contains("alert.html:1: "), "{}", message.text);
}

fn hook(name: &str, text: &str) -> Channel {
    let hook = Webhook {
        url: "https://hook.example/".parse().unwrap(),
        format: Format::Template,
        template: Some(template(name, text)),
        secrets: vec![],
        headers: vec![],
        timeout: std::time::Duration::from_secs(1),
        allow_private: false,
    };
    Channel::plain(ChannelId::new("ops").unwrap(), ChannelKind::Webhook(hook), zone())
}

fn checked(channel: &Channel) -> Vec<String> {
    check(channel, made()).iter().map(ToString::to_string).collect()
}

#[test]
fn a_check_tries_every_kind_of_message_full_and_bare() {
    let good =
        "{\"text\": {{ subject }}, \"link\": {{ alert.link if alert is defined else none }}, \"all\": {{ data }}}";
    assert_eq!(checked(&hook("hook.json", good)), Vec::<String>::new());
    let only_alerts = checked(&hook("hook.json", "{\n\"text\": {{ alert.title.text }}\n}"));
    assert!(only_alerts.len() == 1 && only_alerts[0].starts_with("hook.json:2: \"alert"), "{only_alerts:?}");
    let quoted = checked(&hook("hook.json", "{\"text\": \"{{ subject }}\"}"));
    assert!(quoted.len() == 1 && quoted[0].contains("it gives no JSON"), "{quoted:?}");
    let mut form = hook("hook.txt", "text={{ subject|urlencode }}");
    let ChannelKind::Webhook(inner) = &mut form.kind else { panic!() };
    inner.headers = vec![("Content-Type".into(), Secret::new("application/x-www-form-urlencoded"))];
    assert_eq!(checked(&form), Vec::<String>::new());
    let mut mail = channel();
    mail.templates.digest.text = Some(template("digest.txt", "{{ digest.title }}\n{{ digest.rules[0].title }}"));
    mail.templates.alert.text = Some(template("alert.txt", "{{ alert.sentences[0].text }}"));
    let told = checked(&mail);
    assert!(told.len() == 2, "the empty digest has no rule, and a bare alert no sentence: {told:?}");
}
