use super::{UNKNOWN, find};

/// Recognises a binary format by bytes at fixed places.
pub(super) fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let at = |offset: usize, piece: &[u8]| {
        bytes.get(offset..).is_some_and(|bytes| bytes.starts_with(piece))
    };
    if let Some((.., mime_type)) = SIGNATURES.iter().find(|(offset, piece, _)| at(*offset, piece)) {
        return Some(mime_type);
    }
    match bytes {
        [0xff, 0xd8, 0xff, _, ..] => Some("image/jpeg"),
        [b'{', b'\\', b'r', b't', b'f', _, ..] => Some("text/rtf"),
        [b'R', b'I', b'F', b'F', _, _, _, _, form @ ..] => match form {
            [b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
            [b'W', b'A', b'V', b'E', ..] => Some("audio/x-wav"),
            [b'A', b'V', b'I', b' ', ..] => Some("video/x-msvideo"),
            _ => None,
        },
        [b'B', b'M', ..] if has_bitmap_header(bytes) => Some("image/bmp"),
        [0, 0, 1, 0, ..] if bytes.len() >= 22 && bytes[9] == 0 => Some("image/vnd.microsoft.icon"),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] if bytes.len() >= 512 => {
            Some("application/x-ole-storage")
        }
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => {
            BRANDS.iter().find(|(name, _)| brand.starts_with(name)).map(|(_, mime_type)| *mime_type)
        }
        [0x1a, 0x45, 0xdf, 0xa3, ..] if find(bytes, b"\x42\x82\x84webm").is_some() => {
            Some("video/webm")
        }
        [0x1a, 0x45, 0xdf, 0xa3, ..] if find(bytes, b"\x42\x82\x88matroska").is_some() => {
            Some("video/x-matroska")
        }
        [b'O', b'g', b'g', b'S', ..] => ogg_type(bytes.get(28..)?),
        [0, 1, 0, 0, 0, 0..=46, ..] if has_table_name(bytes) => Some("font/sfnt"),
        [0xff, 0xf2 | 0xf3 | 0xfa | 0xfb, _, _, ..] => Some("audio/mpeg"),
        [0x7f, b'E', b'L', b'F', ..] => Some(elf_type(bytes)),
        [b'M', b'Z', ..] if bytes.contains(&0) => Some(match has_pe_header(bytes) {
            true => "application/vnd.microsoft.portable-executable",
            false => "application/x-dosexec",
        }),
        _ if at(0, b"SQLite format 3\0") && has_page_size(bytes) => Some("application/vnd.sqlite3"),
        _ => None,
    }
}

/// Offset, bytes, type.
const SIGNATURES: [(usize, &[u8], &str); 63] = [
    (0, b"%PDF-", "application/pdf"),
    (0, b"\n%PDF-", "application/pdf"),
    (0, b"\xef\xbb\xbf%PDF-", "application/pdf"),
    (0, b"%FDF-", "application/vnd.fdf"),
    (0, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
    (0, b"GIF8", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"II+\0", "image/tiff"),
    (0, b"MM\0+", "image/tiff"),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
    (0, b"AT&TFORM", "image/vnd.djvu"),
    (0, b"SIMPLE  =", "image/fits"),
    (128, b"DICM", "application/dicom"),
    (0, b"%!", "application/postscript"),
    (0, b"\x04%!", "application/postscript"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"\x1f\x9d\x90", "application/x-compress"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/x-rar"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"\x04\x22\x4d\x18", "application/x-lz4"),
    (0, b"\0asm", "application/wasm"),
    (0, b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (0, b"\xd4\xc3\xb2\xa1", "application/vnd.tcpdump.pcap"),
    (0, b"\x89HDF\r\n\x1a\n", "application/x-hdf5"),
    (0, b"CDF\x01", "application/x-netcdf"),
    (0, b"CDF\x02", "application/x-netcdf"),
    (0, b"fLaC", "audio/flac"),
    (0, b"MThd", "audio/midi"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"\0\0\x01\xba", "video/mpeg"),
    (0, b"\0\0\x01\xb3", "video/mpeg"),
    (0, b"\x30\x26\xb2\x75", "video/x-ms-asf"),
    (4, b"moov", "video/quicktime"),
    (4, b"mdat", "video/quicktime"),
    (0, b"wOFF", "font/woff"),
    (0, b"wOF2", "font/woff2"),
    (0, b"OTTO", "application/vnd.ms-opentype"),
    (0, b"-----BEGIN PGP MESSAGE-", "application/pgp-encrypted"),
    (0, b"-----BEGIN PGP PUBLIC KEY BLOCK-", "application/pgp-keys"),
    (0, b"-----BEGIN PGP SIGNATURE-", "application/pgp-signature"),
    (0, b"-----BEGIN PGP SIGNED MESSAGE-", "text/PGP"),
    (0, b"AC1009", "image/vnd.dwg"),
    (0, b"AC1012", "image/vnd.dwg"),
    (0, b"AC1014", "image/vnd.dwg"),
    (0, b"AC1015", "image/vnd.dwg"),
    (0, b"AC1018", "image/vnd.dwg"),
    (0, b"AC1021", "image/vnd.dwg"),
    (0, b"AC1024", "image/vnd.dwg"),
    (0, b"AC1027", "image/vnd.dwg"),
    (0, b"AC1032", "image/vnd.dwg"),
    (0, b"\x78\x9f\x3e\x22", "application/vnd.ms-tnef"),
    (0, b"\0\x01\0\0Standard Jet DB", "application/x-msaccess"),
    (0, b"\0\x01\0\0Standard ACE DB", "application/x-msaccess"),
    (0, b"From:", "message/rfc822"),
    (0, b"Received:", "message/rfc822"),
    (0, b"Return-Path:", "message/rfc822"),
    (0, b"BEGIN:VCARD", "text/vcard"),
    (0, b"BEGIN:VCALENDAR", "text/calendar"),
    (0, b"WEBVTT", "text/vtt"),
];

/// The first brand of an ISO media file.
const BRANDS: [(&[u8], &str); 24] = [
    (b"isom", "video/mp4"),
    (b"iso2", "video/mp4"),
    (b"iso4", "video/mp4"),
    (b"iso5", "video/mp4"),
    (b"iso6", "video/mp4"),
    (b"isml", "video/mp4"),
    (b"mp41", "video/mp4"),
    (b"mp42", "video/mp4"),
    (b"mmp4", "video/mp4"),
    (b"avc1", "video/mp4"),
    (b"dash", "video/mp4"),
    (b"MSNV", "audio/mp4"),
    (b"M4A", "audio/x-m4a"),
    (b"M4B", "audio/mp4"),
    (b"M4V", "video/x-m4v"),
    (b"qt  ", "video/quicktime"),
    (b"3gp", "video/3gpp"),
    (b"3g2", "video/3gpp2"),
    (b"heic", "image/heic"),
    (b"mif1", "image/heif"),
    (b"msf1", "image/heif-sequence"),
    (b"avif", "image/avif"),
    (b"avis", "image/avif"),
    (b"jp2 ", "image/jp2"),
];

/// What an Ogg file holds stands at the beginning of its first packet.
fn ogg_type(packet: &[u8]) -> Option<&'static str> {
    const SOUND: [&[u8]; 4] = [b"\x01vorbis", b"OpusHead", b"Speex   ", b"\x7fFLAC"];
    const FILM: [&[u8]; 2] = [b"\x80theora", b"fishead\0"];
    let begins = |names: &[&[u8]]| names.iter().any(|name| packet.starts_with(name));
    if begins(&SOUND) {
        return Some("audio/ogg");
    }
    begins(&FILM).then_some("video/ogg")
}

/// How large the pages of a database of SQLite are.
fn has_page_size(bytes: &[u8]) -> bool {
    bytes.get(16..18).is_some_and(|size| size != [0, 0])
}

/// The tables of a font have names of four letters, and there is something behind the first.
fn has_table_name(bytes: &[u8]) -> bool {
    let name = bytes.get(12..16).filter(|_| bytes.len() > 16);
    name.is_some_and(|name| name.iter().all(|b| *b == b' ' || b.is_ascii_graphic()))
}

/// The header of a tar archive carries its own checksum.
pub(super) fn is_tar(bytes: &[u8]) -> bool {
    let Some(header) = bytes.get(..512) else { return false };
    let field = header[148..156].iter().copied();
    let digits = field.skip_while(|b| *b == b' ').take_while(|b| (b'0'..=b'7').contains(b));
    let declared = digits.fold(0, |sum, digit| sum * 8 + u32::from(digit - b'0'));
    let outside = header[..148].iter().chain(&header[156..]).map(|b| u32::from(*b)).sum::<u32>();
    // The field itself counts as eight spaces.
    declared > 0 && declared == outside + 8 * u32::from(b' ')
}

/// The length of the second header tells the versions of the format apart.
fn has_bitmap_header(bytes: &[u8]) -> bool {
    matches!(bytes.get(14..18), Some([12 | 16 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0]))
}

fn has_pe_header(bytes: &[u8]) -> bool {
    let Some(offset) = bytes.get(0x3c..0x40) else { return false };
    let offset = offset.iter().rev().fold(0_usize, |offset, b| offset << 8 | usize::from(*b));
    bytes.get(offset..).is_some_and(|bytes| bytes.starts_with(b"PE\0\0"))
}

fn elf_type(bytes: &[u8]) -> &'static str {
    let kind = match (bytes.get(5), bytes.get(16..18)) {
        (Some(1), Some(&[kind, 0])) | (Some(2), Some(&[0, kind])) => kind,
        _ => 0,
    };
    match kind {
        1 => "application/x-object",
        2 => "application/x-executable",
        3 => "application/x-sharedlib",
        4 => "application/x-coredump",
        _ => UNKNOWN,
    }
}
