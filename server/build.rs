//! Embeds what the front pipeline made: built again when it is.

fn main() {
    println!("cargo:rerun-if-changed=../target/site");
    println!("cargo:rerun-if-changed=config/default.toml");
}
