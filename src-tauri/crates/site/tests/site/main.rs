//! The site room through its acts, as people use it.

mod backup;
mod bundles;
mod carrying;
mod copies;
mod dictionary;
mod entering;
mod founding;
mod history;
mod labimport;
mod labs;
mod locking;
mod masked;
mod permissions;
mod randomise;
mod rebuilt;
mod recovery;
mod safety;
mod session;
mod stage;
mod sync;
mod tumours;
mod versions;
mod visits;
