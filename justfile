# The commands of this project; `just` lists them.

# Every check, as CI runs it.
test:
    scripts/test

# The tests whose names hold a word.
only NAME:
    cargo nextest run --features failpoints -E 'test({{NAME}})'

# The newsroom on loopback, polled, matched and shown.
demo:
    cargo run --release -- demo

# Format and the mends that clippy knows.
mend:
    cargo fmt
    cargo clippy --fix --allow-dirty --all-targets
