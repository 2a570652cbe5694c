use super::calendar::days_in_month;

/// The numbers of a text that may be its year, month and day, in the order of the text.
#[derive(Default)]
pub(super) struct Ymd {
    numbers: Vec<i64>,
    /// Where the numbers are that can only be one thing.
    year: Option<usize>,
    month: Option<usize>,
    day: Option<usize>,
    /// Whether a number was written as a full year, so that a small one is no short year.
    pub(super) has_century: bool,
}

/// Which of the three is which.
#[derive(Default)]
pub(super) struct Resolved {
    pub(super) year: Option<i64>,
    pub(super) month: Option<i64>,
    pub(super) day: Option<i64>,
}

impl Ymd {
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    pub(super) fn push(&mut self, number: i64) {
        self.numbers.push(number);
    }

    /// Adds a number that is known to be the year. `None`: there is one already.
    pub(super) fn push_year(&mut self, number: i64) -> Option<()> {
        set(&mut self.year, self.numbers.len())?;
        self.numbers.push(number);
        Some(())
    }

    /// Adds a month that was named. `None`: there is one already.
    pub(super) fn push_month(&mut self, number: i64) -> Option<()> {
        set(&mut self.month, self.numbers.len())?;
        self.numbers.push(number);
        Some(())
    }

    /// Adds a number as it was written: three digits or more make it the year.
    pub(super) fn push_digits(&mut self, digits: &str, number: i64) -> Option<()> {
        if digits.len() > 2 {
            self.has_century = true;
            return self.push_year(number);
        }
        self.push(number);
        Some(())
    }

    /// Whether a number from `low` to `high` (which differ by a fraction) can be the missing day.
    pub(super) fn could_be_day(&self, low: i64, high: i64) -> bool {
        let get = |place: Option<usize>| place.and_then(|i| self.numbers.get(i).copied());
        let last = match (get(self.day), get(self.month), get(self.year)) {
            (Some(_), _, _) => return false,
            (None, None, _) => 31,
            // Without a year any leap year will do.
            (None, Some(month), None) => days_in_month(2000, month),
            (None, Some(month), Some(year)) => days_in_month(year, month),
        };
        1 <= low && high <= last
    }

    /// Decides which number is what. `None`: there are more than three.
    pub(super) fn resolve(&self) -> Option<Resolved> {
        let known = [self.year, self.month, self.day];
        let n_known = known.iter().flatten().count();
        if (self.len() == n_known && n_known > 0) || (self.len() == 3 && n_known == 2) {
            return Some(self.resolve_known(known));
        }
        match self.numbers[..] {
            [] => Some(Resolved::default()),
            [one] if self.month.is_some() => {
                Some(Resolved { month: Some(one), ..Resolved::default() })
            }
            [one] => Some(year_or_day(one, None)),
            [first, second] => Some(match self.month {
                Some(0) => year_or_day(second, Some(first)),
                Some(_) => year_or_day(first, Some(second)),
                None if first > 31 => of_parts(Some(first), second, None),
                None if second > 31 => of_parts(Some(second), first, None),
                None => of_parts(None, first, Some(second)),
            }),
            [a, b, c] => {
                let (year, month, day) = match self.month {
                    Some(0) if b > 31 => (b, a, c),
                    Some(0) => (c, a, b),
                    Some(1) if a > 31 => (a, b, c),
                    Some(1) => (c, b, a),
                    Some(_) if b > 31 => (b, c, a),
                    Some(_) => (a, c, b),
                    None if a > 31 || self.year == Some(0) => (a, b, c),
                    None if a > 12 => (c, b, a),
                    None => (c, a, b),
                };
                Some(of_parts(Some(year), month, Some(day)))
            }
            _ => None,
        }
    }

    /// All are known, or two of three: then the third is what is left.
    fn resolve_known(&self, mut known: [Option<usize>; 3]) -> Resolved {
        if self.len() == 3 {
            let left = (0..3).find(|i| !known.contains(&Some(*i)));
            if let Some(missing) = known.iter_mut().find(|place| place.is_none()) {
                *missing = left;
            }
        }
        let [year, month, day] =
            known.map(|place| place.and_then(|i| self.numbers.get(i).copied()));
        Resolved { year, month, day }
    }
}

fn set(place: &mut Option<usize>, index: usize) -> Option<()> {
    place.replace(index).is_none().then_some(())
}

fn of_parts(year: Option<i64>, month: i64, day: Option<i64>) -> Resolved {
    Resolved { year, month: Some(month), day }
}

fn year_or_day(number: i64, month: Option<i64>) -> Resolved {
    match number {
        32.. => Resolved { year: Some(number), month, day: None },
        _ => Resolved { year: None, month, day: Some(number) },
    }
}
