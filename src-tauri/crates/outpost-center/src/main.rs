//! `outpost-center`, as its library has it.

fn main() -> std::process::ExitCode {
    outpost_center::run()
}
