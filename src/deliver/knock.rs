//! As far as a channel's door. In: a channel. Out: that it could be sent to, or why not, in words. It sends nothing.

use super::{Deliverer, Dialogue, guard};
use crate::model::{Channel, ChannelKind, Relay, Webhook};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use tokio::net::TcpStream;
use tokio::time::timeout;

impl Deliverer {
    /// Tries the way to a channel's receiver without a message: an SMTP server is logged in to, a webhook's host connected to, a
    /// program or folder looked at.
    ///
    /// # Errors
    /// What would stop a message now, in words without secrets.
    pub async fn knock(&self, channel: &Channel) -> Result<String, String> {
        match &channel.kind {
            ChannelKind::Email(email) => match &email.relay {
                Relay::Smtp { host, port, login, .. } => {
                    self.relays.knock(&email.relay, &Dialogue::silent()).await?;
                    let done =
                        if login.is_some() { "and lets us in with user and password" } else { "without a login" };
                    Ok(format!("{host}:{port} answers {done}"))
                }
                Relay::Sendmail { program } => executable(program),
            },
            ChannelKind::Webhook(hook) => self.reach(hook).await,
            ChannelKind::Command { argv, .. } => executable(Path::new(argv.first().map_or("", String::as_str))),
            ChannelKind::Maildir(maildir) => folder(&maildir.path),
            ChannelKind::Stdout => Ok("standard output is always there".into()),
        }
    }

    async fn reach(&self, hook: &Webhook) -> Result<String, String> {
        let host = hook.url.host_str().unwrap_or("").trim_matches(['[', ']']);
        let port = hook.url.port_or_known_default().unwrap_or(443);
        let connect = async {
            let found: Vec<_> =
                tokio::net::lookup_host((host, port)).await.map_err(|fault| format!("{host}: {fault}"))?.collect();
            let open = found.iter().find(|address| hook.allow_private || guard::public(address.ip()));
            match (open, found.first()) {
                (Some(address), _) => {
                    TcpStream::connect(address).await.map_err(|fault| format!("{host}:{port}: {fault}"))
                }
                (None, Some(address)) => Err(format!("{host}: {}", guard::Private(address.ip()))),
                (None, None) => Err(format!("{host} has no address")),
            }
        };
        match timeout(self.options.times.connect, connect).await {
            Ok(connected) => connected.map(|_| format!("{host}:{port} takes connections; nothing was sent")),
            Err(_) => Err(format!("{host}:{port} did not answer within {} s", self.options.times.connect.as_secs())),
        }
    }
}

fn executable(program: &Path) -> Result<String, String> {
    let shown = program.display();
    if program.components().count() == 1 {
        return Ok(format!("{shown} is looked for in PATH when it is needed"));
    }
    let about = std::fs::metadata(program).map_err(|fault| format!("{shown}: {fault}"))?;
    let runs = about.is_file() && about.permissions().mode() & 0o111 != 0;
    if runs { Ok(format!("{shown} is there and can be run")) } else { Err(format!("{shown} is no program")) }
}

fn folder(path: &Path) -> Result<String, String> {
    let there = path.ancestors().find(|above| above.exists()).unwrap_or(Path::new("."));
    rustix::fs::access(there, rustix::fs::Access::WRITE_OK)
        .map(|()| format!("{} can be written", path.display()))
        .map_err(|fault| format!("{} cannot be written: {fault}", there.display()))
}
