//! A stream cut into files of limited size: `name`, `name.002`, `name.003` …

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use crate::backup::sync_folder;

fn part(file: &Path, n: usize) -> PathBuf {
    if n <= 1 {
        return file.to_path_buf();
    }
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".{n:03}"));
    PathBuf::from(name)
}

/// Writes the parts.
pub struct PartWriter {
    file: PathBuf,
    most: u64,
    written: u64,
    out: BufWriter<File>,
    parts: Vec<PathBuf>,
}

impl PartWriter {
    /// Begins the first part.
    ///
    /// # Errors
    /// Where the file cannot be made.
    pub fn create(file: &Path, most: u64) -> io::Result<Self> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let out = BufWriter::new(open_private(file)?);
        Ok(Self { file: file.to_path_buf(), most, written: 0, out, parts: vec![file.to_path_buf()] })
    }

    /// Syncs the last part and returns all of them.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn finish(mut self) -> io::Result<Vec<PathBuf>> {
        self.close()?;
        sync_folder(&self.file)?;
        Ok(self.parts)
    }

    fn close(&mut self) -> io::Result<()> {
        self.out.flush()?;
        self.out.get_ref().sync_all()
    }

    /// Gives finished parts their final names.
    ///
    /// # Errors
    /// Where a file cannot be renamed.
    pub fn rename(parts: &[PathBuf], from: &Path, to: &Path) -> io::Result<Vec<PathBuf>> {
        let mut renamed = Vec::new();
        for n in 1..=parts.len() {
            fs::rename(part(from, n), part(to, n))?;
            renamed.push(part(to, n));
        }
        sync_folder(to)?;
        Ok(renamed)
    }
}

impl Write for PartWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.written >= self.most {
            self.close()?;
            let next = part(&self.file, self.parts.len() + 1);
            self.out = BufWriter::new(open_private(&next)?);
            self.parts.push(next);
            self.written = 0;
        }
        let room = usize::try_from(self.most - self.written).unwrap_or(usize::MAX);
        let n = self.out.write(&bytes[..bytes.len().min(room)])?;
        self.written += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn open_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

/// Reads the parts one after the other.
pub struct PartReader {
    parts: Vec<PathBuf>,
    next: usize,
    input: File,
}

impl PartReader {
    /// Opens the first part and finds the others.
    ///
    /// # Errors
    /// Where the first part cannot be read.
    pub fn open(file: &Path) -> io::Result<Self> {
        let mut parts = vec![file.to_path_buf()];
        while part(file, parts.len() + 1).is_file() {
            parts.push(part(file, parts.len() + 1));
        }
        Ok(Self { input: File::open(file)?, parts, next: 1 })
    }

    /// The parts' names.
    pub fn names(&self) -> Vec<PathBuf> {
        self.parts.clone()
    }
}

impl Read for PartReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let n = self.input.read(buffer)?;
            if n > 0 || self.next >= self.parts.len() {
                return Ok(n);
            }
            self.input = File::open(&self.parts[self.next])?;
            self.next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_stream_is_the_same_in_parts() {
        let folder = std::env::temp_dir().join(format!("falin-parts-{}", std::process::id()));
        let file = folder.join("b");
        let mut out = PartWriter::create(&file, 10).unwrap();
        let bytes: Vec<u8> = (0..95).collect();
        out.write_all(&bytes).unwrap();
        assert_eq!(out.finish().unwrap().len(), 10);
        let mut back = Vec::new();
        PartReader::open(&file).unwrap().read_to_end(&mut back).unwrap();
        assert_eq!(back, bytes);
        fs::remove_dir_all(folder).unwrap();
    }
}
