//! The true answers: every vector compared with every checked query, as it goes by.

use cortex::Embedding;
use cortex::search::corpus::ChunkId;

pub(crate) struct Exact {
    queries: usize,
    k: usize,
    /// By component: that of each query.
    components: Vec<Vec<f32>>,
    /// Of each query: the best chunks so far, best first.
    best: Vec<Vec<(f32, ChunkId)>>,
    ids: Vec<ChunkId>,
    /// Of each of the first queries: the cosine of every chunk.
    cosines: Vec<Vec<f32>>,
}

impl Exact {
    /// Of queries of unit length; all cosines of the first `kept` are kept.
    pub(crate) fn new(queries: Vec<&Embedding>, k: usize, kept: usize) -> Self {
        let dimension = queries.first().map_or(0, |query| query.dim());
        let component = |at: usize| queries.iter().map(|query| query.vector[at]).collect();
        Self {
            queries: queries.len(),
            k,
            components: (0..dimension).map(component).collect(),
            best: vec![Vec::new(); queries.len()],
            ids: Vec::new(),
            cosines: vec![Vec::new(); kept.min(queries.len())],
        }
    }

    pub(crate) fn compare(&mut self, id: &ChunkId, embedding: &Embedding) {
        let mut cosines = vec![0.0_f32; self.queries];
        for (component, of_queries) in embedding.vector.iter().zip(&self.components) {
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
                best.insert(at, (*cosine, id.clone()));
                best.truncate(self.k);
            }
        }
        for (all, cosine) in self.cosines.iter_mut().zip(&cosines) {
            all.push(*cosine);
        }
        self.ids.push(id.clone());
    }

    /// Of each query: the best chunks above a cosine of 0.
    pub(crate) fn best(&self) -> Vec<Vec<ChunkId>> {
        let best = self.best.iter().map(|best| {
            let positive = best.iter().filter(|(cosine, _)| *cosine > 0.0);
            positive.map(|(_, id)| id.clone()).collect()
        });
        best.collect()
    }

    pub(crate) fn ids(&self) -> &[ChunkId] {
        &self.ids
    }

    pub(crate) fn all_cosines(&self, query: usize) -> &[f32] {
        &self.cosines[query]
    }
}
