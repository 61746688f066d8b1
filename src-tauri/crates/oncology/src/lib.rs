//! What it means: clinical computations, pure and cited.
//!
//! Every function takes exact decimals in the unit that its name or documentation says, reads no clock and no file, and gives the
//! same digits on every machine. `None` says that the inputs lie outside what the formula is defined for; it never stands for zero.
//!
//! Constants carry their source. Those marked \[K\] are domain knowledge whose source text was not re-read: a clinician signs them
//! off before a trial relies on them.
//!
//! | topic | file |
//! |---|---|
//! | liver function: ALBI | [`albi`] |
//! | liver function: Child-Pugh | [`child_pugh`] |
//! | radiotherapy dose: BED, EQD2 | [`dose`] |
//! | dose intensity of drugs | [`intensity`] |
//! | signals of radiation-induced liver disease | [`rild`] |
//! | stage: CNLC, BCLC, portal vein thrombus | [`staging`] |
//! | electrocardiogram: QTc | [`qtc`] |
//! | body size: BMI, BSA | [`body`] |
//! | laboratory grades: CTCAE v5.0 | [`ctcae`] |
//! | the constants that a clinician signs | [`constants`] |
//! | response of tumours: RECIST 1.1 | [`recist`] |

pub mod albi;
pub mod body;
pub mod child_pugh;
mod constant;
pub mod constants;
pub mod ctcae;
pub mod dose;
pub mod intensity;
pub mod qtc;
pub mod recist;
pub mod rild;
mod roots;
pub mod staging;
