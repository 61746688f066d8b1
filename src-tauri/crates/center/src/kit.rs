//! Kits: what makes an empty installation a site's device.

use crate::site::site as site_of;
use crate::store::Tx;
use crate::{Center, CenterError, Stamp};
use allocation::SlotList;
use bundle::{Blob, Kind, Kit, PackOptions, Packed, Packer, Recipients};
use casebook::CENTER;
use seal::{Zeroizing, random_name};

const LEAST_PASSPHRASE: usize = 12;

impl Center {
    /// Makes a kit for a site, encrypted to a passphrase that is told by telephone.
    ///
    /// # Errors
    /// When there is no such site or the passphrase is too short.
    pub fn make_kit(&self, stamp: &Stamp, site: &str, passphrase: &str) -> Result<Packed, CenterError> {
        let (site, study) = self.store.read(|tx| {
            let site = site_of(tx, site)?;
            let study = self.file_for(tx, stamp, &site.id)?;
            Ok::<_, CenterError>((site, study))
        })?;
        if passphrase.chars().count() < LEAST_PASSPHRASE {
            return Err(CenterError::ShortPassphrase);
        }
        let activation = random_name(8)?;
        let kit = Kit {
            format: Kit::FORMAT.to_owned(),
            version: Kit::VERSION,
            study: self.card.study.clone(),
            study_sha256: study,
            site: site.id.clone(),
            site_name: site.name.clone(),
            center_key: self.public_key(),
            center_age: self.keys.age.recipient(),
            recovery_age: self.card.recovery.clone(),
            activation: activation.clone(),
        };
        let to = Recipients::Passphrase(site.id.clone(), Zeroizing::new(passphrase.to_owned()));
        // A kit is one file: only a study that is larger than any bundle may be would not fit into it.
        let terms = PackOptions { split: *bundle::limits::SPLIT.end(), ..self.terms(stamp, Kind::Kit, to) };
        let mut packer = Packer::begin(terms, &self.keys.signing)?;
        packer.blob(Kit::NAME, &kit.write())?;
        packer.blob(Kit::STUDY_NAME, &self.study_file(study)?)?;
        self.store.read(|tx| self.pack_slots(tx, &mut packer))?;
        let [kit] = <[Packed; 1]>::try_from(packer.finish()?).map_err(|_| CenterError::LargeKit)?;
        Ok(kit)
    }

    /// Packs the sealed slots with their signature, where there are any.
    pub(crate) fn pack_slots(&self, tx: &dyn Tx, packer: &mut Packer) -> Result<(), CenterError> {
        if let Some(published) = self.published_slots(tx)? {
            packer.blobs(&[
                Blob { name: SlotList::NAME, bytes: published.list.bytes() },
                Blob { name: SlotList::SIGNATURE_NAME, bytes: published.signature.as_bytes() },
            ])?;
        }
        Ok(())
    }

    /// What every bundle of the center says alike.
    pub(crate) fn terms(&self, stamp: &Stamp, kind: Kind, to: Recipients) -> PackOptions {
        PackOptions {
            kind,
            practice: self.card.practice,
            study: self.card.study.clone(),
            site: CENTER.to_owned(),
            log: CENTER.to_owned(),
            age: self.keys.age.recipient(),
            to,
            at: stamp.at,
            checkpoint: None,
            has: Vec::new(),
            split: bundle::limits::USUAL_SPLIT,
        }
    }
}
