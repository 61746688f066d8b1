//! `outpost-center`: see `outpost-center --help`.

fn main() -> std::process::ExitCode {
    center::cli::main()
}
