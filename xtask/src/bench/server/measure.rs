//! Times operations, and looks at every answer.

use std::{
    net::SocketAddr,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use super::{client::Client, operations::Operation, random::Random, scene::Scene};
use crate::{
    failure::{Failure, Result},
    step,
};

/// How much is asked before a figure is believed.
pub(super) struct Effort {
    pub(super) samples: usize,
    /// Requests before the first that counts.
    pub(super) warm_up: usize,
    /// A slow operation has fewer samples and stops after this.
    pub(super) longest: Duration,
    /// How long many clients ask.
    pub(super) together: Duration,
}

/// No figure rests on less.
const FEWEST_SAMPLES: usize = 3;

/// With writes between them, so many reads share one.
const READS_PER_WRITE: usize = 10;

/// How long each request took.
pub(super) struct Figures(Vec<Duration>);

impl Figures {
    fn new(mut samples: Vec<Duration>) -> Self {
        samples.sort_unstable();
        Self(samples)
    }

    pub(super) fn samples(&self) -> usize {
        self.0.len()
    }

    /// The shortest time that so many of a hundred requests did not exceed.
    pub(super) fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100);
        self.0.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }

    pub(super) fn milliseconds(&self, percent: usize) -> f64 {
        self.percentile(percent).as_secs_f64() * 1e3
    }
}

/// One client that asks again when it has its answer. `write`: what another does between every ten.
pub(super) fn alone(
    address: SocketAddr,
    scene: &Scene,
    operation: &Operation,
    effort: &Effort,
    write: Option<(&Scene, &Operation)>,
) -> Result<Figures> {
    let mut client = Client::connect(address, Some(&scene.token))?;
    let mut random = Random::new(1);
    let mut writer = match write {
        Some((scene, write)) => Some((Client::connect(address, Some(&scene.token))?, scene, write)),
        None => None,
    };
    let started = step::now();
    for _ in 0..effort.warm_up {
        if started.elapsed() < effort.longest / 4 {
            ask(&mut client, scene, operation, &mut random)?;
        }
    }
    let mut samples = Vec::new();
    let started = step::now();
    while samples.len() < effort.samples
        && (samples.len() < FEWEST_SAMPLES || started.elapsed() < effort.longest)
    {
        if let Some((client, scene, write)) = &mut writer
            && samples.len().is_multiple_of(READS_PER_WRITE)
        {
            ask(client, scene, write, &mut random)?;
        }
        samples.push(ask(&mut client, scene, operation, &mut random)?);
    }
    Ok(Figures::new(samples))
}

/// Many clients, each on a thread of its own, for some time. Also says how many requests were
/// answered in a second.
pub(super) fn together(
    address: SocketAddr,
    scene: &Scene,
    operation: &Operation,
    clients: usize,
    time: Duration,
) -> Result<(Figures, f64)> {
    let start = Barrier::new(clients + 1);
    let client = |number: usize| {
        let client = Client::connect(address, Some(&scene.token));
        start.wait();
        let (mut client, mut random) = (client?, Random::new(number as u64 + 2));
        let (mut samples, started) = (Vec::new(), step::now());
        while started.elapsed() < time {
            samples.push(ask(&mut client, scene, operation, &mut random)?);
        }
        Ok(samples)
    };
    let (samples, took) = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..clients).map(|number| scope.spawn(move || client(number))).collect();
        start.wait();
        let started: Instant = step::now();
        let samples: Result<Vec<Vec<Duration>>> = threads
            .into_iter()
            .map(|it| it.join().unwrap_or_else(|_| Err(Failure::new("A client panicked."))))
            .collect();
        Ok((samples?, started.elapsed()))
    })?;
    let samples = samples.concat();
    let rate = samples.len() as f64 / took.as_secs_f64();
    Ok((Figures::new(samples), rate))
}

/// From before the first byte of the request until after the last of the answer.
fn ask(
    client: &mut Client,
    scene: &Scene,
    operation: &Operation,
    random: &mut Random,
) -> Result<Duration> {
    let task = (operation.make)(scene, random);
    let started = step::now();
    let answer = client.send(&task.request)?;
    let took = started.elapsed();
    task.expect.check(&answer).map_err(|failure| {
        let (method, path) = (task.request.method, &task.request.path);
        Failure::new(format!("{} ({method} {path} as {}): {failure}", operation.name, scene.who))
    })?;
    Ok(took)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_samples() {
        let figures = Figures::new((1..=300).rev().map(Duration::from_millis).collect());
        assert_eq!(figures.percentile(50), Duration::from_millis(150));
        assert_eq!(figures.percentile(99), Duration::from_millis(297));
        let one = Figures::new(vec![Duration::from_millis(7)]);
        assert_eq!((one.percentile(50), one.percentile(99)), (one.0[0], one.0[0]));
    }
}
