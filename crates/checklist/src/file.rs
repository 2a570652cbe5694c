use crate::Value;
use crate::base64;
use crate::sniff::{self, sniff};

/// What one file must satisfy (`contract.md` 5.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileLimits {
    /// Accepted extensions with their dot, any case. Empty: all.
    pub extensions: Vec<String>,
    /// Accepted types, or `major/*`. Empty: all. Both lists must pass when both are set.
    pub mime_types: Vec<String>,
    /// Largest size in mebibytes. `None` or 0: no limit.
    pub max_megabytes: Option<u32>,
}

/// Why a file is not accepted. The server says only "not valid"; a form can say why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileProblem {
    /// Not an object that describes a file.
    NotAFile,
    /// It has no name.
    NoName,
    /// It has no content.
    Empty,
    /// The content is not base64 with the standard alphabet and full padding.
    NotBase64,
    /// The extension is not in the list.
    ExtensionNotAllowed {
        /// The extension with its dot, in lower case. Empty if the name has none.
        extension: String,
        /// The list.
        allowed: Vec<String>,
    },
    /// The type is not in the list.
    TypeNotAllowed {
        /// The type by the content, whatever the name says.
        mime_type: &'static str,
        /// The list.
        allowed: Vec<String>,
    },
    /// More bytes than accepted.
    TooLarge {
        /// The limit in mebibytes.
        max_megabytes: u32,
        /// How many bytes there are.
        actual: u64,
    },
}

impl FileLimits {
    /// Judges a file before it is encoded: its name, its size in bytes, and its first 1,024 bytes
    /// (or all, if it has fewer).
    pub fn check(&self, name: &str, size: u64, first_bytes: &[u8]) -> Result<(), FileProblem> {
        if size == 0 {
            return Err(FileProblem::Empty);
        }
        self.check_extension(name)?;
        self.check_type(first_bytes)?;
        match self.max_megabytes {
            Some(max_megabytes @ 1..) if size > u64::from(max_megabytes) << 20 => {
                Err(FileProblem::TooLarge { max_megabytes, actual: size })
            }
            _ => Ok(()),
        }
    }

    /// Judges a file inside an answer. One that was stored before passes unseen: the server does
    /// not even look whether it exists.
    pub(crate) fn check_answer(&self, file: &Value) -> Result<(), FileProblem> {
        if !matches!(file, Value::Map(_)) {
            return Err(FileProblem::NotAFile);
        }
        let content = match (file.get("content"), file.get("stored_file_id")) {
            (Some(content), _) => content,
            (None, Some(_)) => return Ok(()),
            (None, None) => return Err(FileProblem::Empty),
        };
        let name = match file.get("name") {
            Some(Value::Text(name)) => name.as_str(),
            // The name matters to the server only for its extension; it need not even be text.
            Some(_) if self.extensions.is_empty() => "",
            _ => return Err(FileProblem::NoName),
        };
        let content = match content {
            Value::Text(content) => content,
            content if content.is_truthy() => return Err(FileProblem::NotBase64),
            _ => return Err(FileProblem::Empty),
        };
        let decoded = base64::decode(content, sniff::LENGTH).ok_or(FileProblem::NotBase64)?;
        self.check(name, decoded.size, &decoded.start)
    }

    fn check_extension(&self, name: &str) -> Result<(), FileProblem> {
        let extension = match name.rsplit_once('.') {
            Some((_, extension)) => format!(".{}", extension.to_lowercase()),
            None => String::new(),
        };
        let mut allowed = self.extensions.iter().map(|extension| extension.to_lowercase());
        if self.extensions.is_empty() || allowed.any(|allowed| allowed == extension) {
            return Ok(());
        }
        Err(FileProblem::ExtensionNotAllowed { extension, allowed: self.extensions.clone() })
    }

    fn check_type(&self, first_bytes: &[u8]) -> Result<(), FileProblem> {
        let mime_type = sniff(first_bytes);
        let major = mime_type.split_inclusive('/').next().unwrap_or(mime_type);
        // Unlike extensions, types are compared with their case, and `*/*` matches nothing.
        let accepts = |allowed: &String| {
            allowed == mime_type || (allowed.ends_with("/*") && allowed.starts_with(major))
        };
        if self.mime_types.is_empty() || self.mime_types.iter().any(accepts) {
            return Ok(());
        }
        Err(FileProblem::TypeNotAllowed { mime_type, allowed: self.mime_types.clone() })
    }
}
