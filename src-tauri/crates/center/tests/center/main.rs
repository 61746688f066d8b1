//! The center, driven as a data manager drives it, by invented devices.

mod amendments;
mod archive;
mod checkpoints;
mod damage;
mod device;
mod evidence;
mod failing;
mod folding;
mod founding;
mod hostile;
mod imports;
mod kits;
mod new_keys;
mod order;
mod parked;
mod queries;
mod randomisation;
mod recovery;
mod redaction;
mod replies;
mod restored;
mod schema;
mod scope;
mod settling;
mod storage;
mod waiting;
