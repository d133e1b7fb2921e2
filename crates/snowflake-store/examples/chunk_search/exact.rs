//! The true answers: every vector compared with every checked query, as it goes by.

pub(crate) struct Exact {
    k: usize,
    /// By component: that of each query.
    components: Vec<Vec<f32>>,
    /// Of each query: the best chunks so far, best first.
    best: Vec<Vec<(f32, Place)>>,
}

/// A call, and which of its chunks.
pub(crate) type Place = (usize, usize);

impl Exact {
    /// Of queries of unit length and one dimension.
    pub(crate) fn new<'a>(queries: impl Iterator<Item = &'a [f32]>, k: usize) -> Self {
        let queries: Vec<&[f32]> = queries.collect();
        let dimension = queries.first().map_or(0, |query| query.len());
        let component = |at: usize| queries.iter().map(|query| query[at]).collect();
        Self {
            k,
            components: (0..dimension).map(component).collect(),
            best: vec![Vec::new(); queries.len()],
        }
    }

    pub(crate) fn compare(&mut self, place: Place, vector: &[f32]) {
        let mut cosines = vec![0.0_f32; self.best.len()];
        for (component, of_queries) in vector.iter().zip(&self.components) {
            if *component != 0.0 {
                for (cosine, of_query) in cosines.iter_mut().zip(of_queries) {
                    *cosine += component * of_query;
                }
            }
        }
        for (cosine, best) in cosines.iter().zip(&mut self.best) {
            let worst = best.last().map_or(0.0, |(worst, _)| *worst);
            if best.len() < self.k || *cosine > worst {
                let at = best.partition_point(|(better, _)| better >= cosine);
                best.insert(at, (*cosine, place));
                best.truncate(self.k);
            }
        }
    }

    /// Of each query: the best chunks.
    pub(crate) fn best(&self) -> Vec<Vec<Place>> {
        let places = |best: &Vec<(f32, Place)>| best.iter().map(|(_, place)| *place).collect();
        self.best.iter().map(places).collect()
    }
}
