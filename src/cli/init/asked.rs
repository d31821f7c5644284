//! What `wirewatch init` asks on a terminal. In: answers. Out: a first watch as text of the configuration, and the secret that
//! belongs to it, which stands in a file of its own.

use crate::cli::source::written::{id, quoted};
use crate::cli::{Failure, password, say};
use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::{BufRead, Write};

/// Bytes of a secret that is typed.
const SECRET_BYTES_MAX: usize = 4096;

/// What the person wants watched, and where it goes.
pub(super) struct Answers {
    people: Vec<String>,
    bodies: Vec<String>,
    words: Vec<String>,
    urls: Vec<String>,
    way: Way,
}

/// Where alerts go.
enum Way {
    Mail { to: String, smtp: String, password: String },
    Telegram { token: String, chat: String },
    Ntfy { url: String },
    Files,
}

impl Answers {
    /// Asks.
    pub(super) fn ask() -> Result<Self, Failure> {
        say::note("A few questions; an empty answer ends a list. Everything can be changed in the file afterwards.");
        Ok(Self {
            people: several("A person to watch, by full name")?,
            bodies: several("An organization to watch, by full name")?,
            words: several("A word or phrase to watch")?,
            urls: several("The address of a feed or news page to watch")?,
            way: Way::ask()?,
        })
    }

    fn watches(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let people = self.people.iter().map(|name| ("official", name));
        let bodies = self.bodies.iter().map(|name| ("organization", name));
        people.chain(bodies).chain(self.words.iter().map(|word| ("keyword", word)))
    }

    /// The first watch.
    pub(super) fn toml(&self) -> String {
        let mut out = String::from(
            "#:schema ../wirewatch.schema.json\n# Written by `wirewatch init`. Edit it freely; `wirewatch check` says whether it is good.\n",
        );
        let mut ids = HashSet::new();
        // What cannot be written in Latin letters is called after a host, for names a made-up one.
        let mut fresh = |name: &str, href: &str| {
            let made = id(name, href);
            let mut all = (1..).map(|n| if n == 1 { made.clone() } else { format!("{made}-{n}") });
            all.find(|id| ids.insert(id.clone())).unwrap_or_default()
        };
        for url in &self.urls {
            let _ = write!(out, "\n[source.{}]\nurl = {}\n", fresh("", url), quoted(url));
        }
        let mut watched = vec![];
        for (table, name) in self.watches() {
            let id = fresh(name, "https://watch.example/");
            let _ = write!(out, "\n[{table}.{id}]\nnames = [{}]\n", quoted(name));
            watched.push(format!("\"@{id}\""));
        }
        if !watched.is_empty() {
            let _ = write!(out, "\n[rule.first]\nany = [{}]\n", watched.join(", "));
        }
        out.push_str(&self.way.toml());
        out
    }

    /// The name of a file, and the secret in it.
    pub(super) fn secret(&self) -> Option<(&'static str, String)> {
        self.way.secret()
    }
}

impl Way {
    fn ask() -> Result<Self, Failure> {
        say::note("Where do alerts go?  1 e-mail   2 Telegram   3 ntfy   4 files in a folder");
        loop {
            match one("1 to 4")?.to_lowercase().as_str() {
                "1" | "e-mail" | "email" | "mail" => {
                    let to = needed("Your e-mail address")?;
                    let smtp = needed(
                        "The mail server, such as smtps://user@mail.example.org (smtp://localhost for one here)",
                    )?;
                    let password = if smtp.contains('@') {
                        password::unseen("Its password, then Enter (it is not shown; empty: none):", SECRET_BYTES_MAX)?
                    } else {
                        String::new()
                    };
                    return Ok(Self::Mail { to, smtp, password });
                }
                "2" | "telegram" => {
                    let ask = "The token of your bot, from @BotFather, then Enter (it is not shown):";
                    let token = password::unseen(ask, SECRET_BYTES_MAX)?;
                    return Ok(Self::Telegram {
                        token,
                        chat: needed("The id of the chat, such as 123456789 or @channel")?,
                    });
                }
                "3" | "ntfy" => {
                    return Ok(Self::Ntfy {
                        url: needed("The address of your topic, such as https://ntfy.sh/my-desk")?,
                    });
                }
                "4" | "" | "files" | "file" => return Ok(Self::Files),
                _ => say::note("one of 1, 2, 3 and 4"),
            }
        }
    }

    fn toml(&self) -> String {
        match self {
            Self::Mail { to, smtp, password } => {
                let mut out = format!(
                    "\n[channel.mail]\ntype = \"email\"\nto   = [{0}]\nfrom = {0}\nsmtp = {1}\n",
                    quoted(to),
                    quoted(smtp)
                );
                if !password.is_empty() {
                    out.push_str("password_file = \"../secrets/smtp\"\n");
                }
                out
            }
            Self::Telegram { .. } => {
                "\n[channel.telegram]\ntype = \"webhook\"\nformat = \"telegram\"\nurl_file = \"../secrets/telegram\"\n"
                    .into()
            }
            Self::Ntfy { url } => {
                format!("\n[channel.ntfy]\ntype = \"webhook\"\nformat = \"ntfy\"\nurl = {}\n", quoted(url))
            }
            Self::Files => {
                "\n[channel.files]\n# A mail file per message, in data_dir/outbox.\ntype = \"maildir\"\n".into()
            }
        }
    }

    fn secret(&self) -> Option<(&'static str, String)> {
        match self {
            Self::Mail { password, .. } if !password.is_empty() => Some(("smtp", password.clone())),
            Self::Telegram { token, chat } => {
                let mut url = url::Url::parse("https://api.telegram.org").ok()?;
                url.path_segments_mut().ok()?.push(&format!("bot{}", token.trim())).push("sendMessage");
                url.query_pairs_mut().append_pair("chat_id", chat);
                Some(("telegram", url.into()))
            }
            _ => None,
        }
    }
}

fn several(question: &str) -> Result<Vec<String>, Failure> {
    let mut answers = vec![];
    loop {
        let answer = one(question)?;
        if answer.is_empty() {
            return Ok(answers);
        }
        answers.push(answer);
    }
}

/// An answer that is not empty; at the end of the input there is none.
fn needed(question: &str) -> Result<String, Failure> {
    for _ in 0..3 {
        let answer = one(question)?;
        if !answer.is_empty() {
            return Ok(answer);
        }
    }
    Err(Failure::Usage("nothing was answered, and nothing was written".into()))
}

fn one(question: &str) -> Result<String, Failure> {
    let mut err = anstream::stderr();
    write!(err, "{}{question}:{} ", say::BOLD, say::PLAIN)?;
    err.flush()?;
    let mut answer = String::new();
    std::io::Read::take(std::io::stdin().lock(), SECRET_BYTES_MAX as u64).read_line(&mut answer)?;
    Ok(answer.trim().to_string())
}
