//! Mounts the app.

fn main() {
    purser_app::start();
}
