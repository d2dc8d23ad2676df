//! How large a form may be, each limit with its reason. [`super::Modulo::check`] refuses what goes beyond.

use crate::Rata;

/// A whole form as JSON. The largest real one we know (14 taxes on accise, five languages) is below 40 KB; it travels with its page.
pub const MODULO_BYTES_MAX: usize = 256 * 1024;
/// Steps of a page: nobody fills in more.
pub const SEZIONI_MAX: usize = 20;
/// Everything that has a name, calculated values included.
pub const CAMPI_MAX: usize = 200;
/// The comuni of a province, and room: the largest has 312.
pub const OPZIONI_MAX: usize = 500;
/// Of a repeated group: children, vehicles, stalls.
pub const RIGHE_MAX: u16 = 30;
/// Fields, each as often as its group can be repeated: what one page can hold.
pub const CASELLE_MAX: usize = 1_000;
/// Characters of an expression; a longer one is not read by whoever comes next: calculated fields give its parts names.
pub const FORMULA_MAX: usize = 1_000;
/// Parentheses within parentheses, and operators one after the other: the stack of a phone holds many times that.
pub const FONDO_MAX: u16 = 100;
/// Steps that one look at the form may take at the most: reckoned beforehand, from the limits of its groups. The largest form of the
/// tests takes a hundredth of them; all of them are some milliseconds.
pub const PASSI_MAX: u32 = 200_000;
/// Characters of a text, typed or put together.
pub const TESTO_MAX: u16 = 2_000;
/// Characters of a line whose field does not say.
pub const RIGA_MAX: u16 = 200;
pub const TABELLE_MAX: usize = 50;
/// Of one table: a price list, not a register.
pub const VOCI_MAX: usize = 500;
pub const REGOLE_MAX: usize = 100;
/// As the Nodo takes transfers.
pub const QUOTE_MAX: usize = Rata::VERSAMENTI_MAX;
/// Steps of the little machine behind a `modello`: repetitions are written out.
pub const MODELLO_MAX: usize = 400;
/// Names are read in expressions and in the names of HTML fields.
pub const NOME_MAX: usize = 40;
/// Pairs of one request: more than [`CASELLE_MAX`] with every box of a choice ticked is nobody's form.
pub const COPPIE_MAX: usize = 2_000;
/// Years that can be typed: births and deadlines, and slips of the finger are found.
pub const ANNI: std::ops::RangeInclusive<i16> = 1900..=2200;
