//! What it means: clinical computations, pure and cited.
