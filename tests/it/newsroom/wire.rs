//! One connection of the newsroom: requests are read, logged and answered until either side has enough.

use super::{Answer, Asked, Manner, State};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How often an idle connection looks whether the newsroom has closed.
const LOOK: Duration = Duration::from_millis(100);

trait Line: Read + Write {
    fn socket(&self) -> &TcpStream;
}

impl Line for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }
}

impl Line for StreamOwned<ServerConnection, TcpStream> {
    fn socket(&self) -> &TcpStream {
        &self.sock
    }
}

pub(super) fn serve(stream: TcpStream, number: usize, tls: Option<Arc<ServerConfig>>, state: &State) {
    let _ = stream.set_nodelay(true);
    // Whoever hangs up in the middle of an answer ends the connection; that is their right.
    let _ = match tls {
        None => talk(stream, number, state),
        Some(config) => {
            let Ok(tls) = ServerConnection::new(config) else { return };
            talk(StreamOwned::new(tls, stream), number, state)
        }
    };
}

fn talk<L: Line>(line: L, number: usize, state: &State) -> io::Result<()> {
    let mut line = BufReader::new(line);
    while let Some(asked) = read(&mut line, number, state)? {
        state.log.lock().unwrap().push(asked.clone());
        state.came.notify_all();
        let answer = state.answer(&asked.path);
        {
            let mut under_way = state.under_way.lock().unwrap();
            under_way.0 += 1;
            under_way.1 = under_way.1.max(under_way.0);
        }
        let stays = send(line.get_mut(), &asked, &answer);
        state.under_way.lock().unwrap().0 -= 1;
        if !stays? {
            break;
        }
    }
    Ok(())
}

/// The next request; `None` when its sender, or the newsroom, has closed.
fn read<L: Line>(line: &mut BufReader<L>, number: usize, state: &State) -> io::Result<Option<Asked>> {
    line.get_ref().socket().set_read_timeout(Some(LOOK))?;
    loop {
        match line.fill_buf() {
            Ok([]) => return Ok(None),
            Ok(_) => break,
            Err(error) if waits(&error) && !state.closed.load(Ordering::SeqCst) => {}
            Err(error) => return Err(error),
        }
    }
    line.get_ref().socket().set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut first = String::new();
    line.read_line(&mut first)?;
    let mut words = first.split_whitespace();
    let (method, path) = (words.next().unwrap_or("").to_string(), words.next().unwrap_or("").to_string());
    let mut headers = vec![];
    loop {
        let mut header = vec![];
        line.read_until(b'\n', &mut header)?;
        let header = String::from_utf8_lossy(&header).trim_end().to_string();
        let Some((name, value)) = header.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_string()));
    }
    Ok(Some(Asked { method, path, headers, connection: number }))
}

/// Sends the answer; whether the connection stays open.
fn send<L: Line>(line: &mut L, asked: &Asked, answer: &Answer) -> io::Result<bool> {
    let known = |validator: &str, condition: &str| {
        answer.find(validator).is_some_and(|value| asked.header(condition) == Some(value))
    };
    let unchanged = known("etag", "if-none-match")
        || (asked.header("if-none-match").is_none() && known("last-modified", "if-modified-since"));
    let status = if unchanged && answer.status == 200 { 304 } else { answer.status };
    let mut head = format!("HTTP/1.1 {status} \r\n").into_bytes();
    for (name, value) in &answer.headers {
        if status != 304 || !name.starts_with("content-") {
            write!(head, "{name}: {value}\r\n")?;
        }
    }
    if status == 304 {
        head.extend_from_slice(b"\r\n");
        line.write_all(&head)?;
        return Ok(true);
    }
    let body = &answer.body;
    if let Manner::Behind(gate) = &answer.manner {
        gate.pass();
    }
    match &answer.manner {
        Manner::Whole | Manner::Behind(_) => {
            write!(head, "content-length: {}\r\n\r\n", body.len())?;
            // In one piece, so that small answers need one packet.
            head.extend_from_slice(body);
            line.write_all(&head)?;
            return Ok(true);
        }
        Manner::Chunked => {
            head.extend_from_slice(b"transfer-encoding: chunked\r\n\r\n");
            line.write_all(&head)?;
            for piece in body.chunks(1000) {
                chunk(line, piece)?;
            }
            chunk(line, b"")?;
            return Ok(true);
        }
        Manner::Trickle(pause) => {
            head.extend_from_slice(b"transfer-encoding: chunked\r\n\r\n");
            line.write_all(&head)?;
            for byte in body.iter().cycle() {
                chunk(line, &[*byte])?;
                if !still_there(line, *pause)? {
                    break;
                }
            }
        }
        Manner::Endless => {
            head.extend_from_slice(b"transfer-encoding: chunked\r\n\r\n");
            line.write_all(&head)?;
            let piece = body.repeat(1 + (16 << 10) / body.len().max(1));
            loop {
                chunk(line, &piece)?;
            }
        }
        Manner::Length(length) => {
            write!(head, "content-length: {length}\r\n\r\n")?;
            line.write_all(&head)?;
            line.write_all(body)?;
        }
        Manner::Stall => {
            head.extend_from_slice(b"content-length: 100000\r\n\r\n");
            line.write_all(&head)?;
            line.write_all(body)?;
            while still_there(line, LOOK)? {}
        }
        Manner::Silence => while still_there(line, LOOK)? {},
        Manner::HangUp => {}
        Manner::Raw(bytes) => line.write_all(bytes)?,
    }
    Ok(false)
}

fn chunk<L: Line>(line: &mut L, piece: &[u8]) -> io::Result<()> {
    let mut framed = format!("{:x}\r\n", piece.len()).into_bytes();
    framed.extend_from_slice(piece);
    framed.extend_from_slice(b"\r\n");
    line.write_all(&framed)
}

/// Waits this long, or until the other side hangs up; whether it is still there.
fn still_there<L: Line>(line: &mut L, pause: Duration) -> io::Result<bool> {
    line.socket().set_read_timeout(Some(pause))?;
    match line.read(&mut [0; 64]) {
        Ok(0) => Ok(false),
        Ok(_) => Ok(true),
        Err(error) if waits(&error) => Ok(true),
        Err(error) => Err(error),
    }
}

fn waits(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}
