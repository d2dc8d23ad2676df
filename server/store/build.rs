//! `sqlx::migrate!` reads the folder when the code is compiled; a new file there must compile it again.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
