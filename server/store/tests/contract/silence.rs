//! A wire to a server that can be cut so that neither end notices: bytes go in, nothing comes out, nothing is closed.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

pub struct Wire {
    port: u16,
    cut: Arc<AtomicBool>,
}

impl Wire {
    /// Its threads end with the connections and, at the latest, with the tests.
    pub fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, cut, server) = (listener.local_addr().unwrap().port(), Arc::new(AtomicBool::new(false)), server.to_owned());
        let ours = Arc::clone(&cut);
        thread::spawn(move || {
            for near in listener.incoming() {
                let (near, far) = (near.unwrap(), TcpStream::connect(&server).unwrap());
                let dead = Arc::new(AtomicBool::new(false));
                carry(near.try_clone().unwrap(), far.try_clone().unwrap(), Arc::clone(&ours), Arc::clone(&dead));
                carry(far, near, Arc::clone(&ours), dead);
            }
        });
        Self { port, cut }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// A connection that has lost something meanwhile never works again, and neither end hears of the other's end.
    pub fn cut(&self, cut: bool) {
        self.cut.store(cut, Ordering::SeqCst);
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, cut: Arc<AtomicBool>, dead: Arc<AtomicBool>) {
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        loop {
            let read = from.read(&mut bytes);
            if cut.load(Ordering::SeqCst) {
                dead.store(true, Ordering::SeqCst);
            }
            let dead = dead.load(Ordering::SeqCst);
            match read {
                Ok(0) | Err(_) if dead => loop {
                    // holds both sockets open
                    thread::park();
                },
                Ok(0) | Err(_) => break,
                Ok(_) if dead => {}
                Ok(n) if to.write_all(&bytes[..n]).is_ok() => {}
                Ok(_) => break,
            }
        }
        let _ = to.shutdown(std::net::Shutdown::Both);
    });
}
