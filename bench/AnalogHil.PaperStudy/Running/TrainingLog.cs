using System.Collections.Immutable;
using AnalogHil.PaperStudy.Cells;

namespace AnalogHil.PaperStudy.Running;

/// <summary>Keeps every training of a search as soon as it is done: a search takes hours, and one that was stopped goes on behind its last training.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="key">The cell.</param>
/// <param name="fingerprint">Its inputs.</param>
/// <param name="steps">Steps of each training.</param>
internal sealed class TrainingLog(CellStore store, CellKey key, string fingerprint, int steps)
{
    private ImmutableArray<PaperTraining> _trainings = store.FindTrainings(key, fingerprint, steps);

    /// <summary>The training at a position, if it was made from this start for this budget; null where it has to be run.</summary>
    public PaperTraining? Find(int position, double start, double budget) =>
        position < _trainings.Length && _trainings[position] is var kept && kept.Start == start && kept.Budget == budget ? kept : null;

    /// <summary>Keeps the training at a position; those that were there from it on belong to another search.</summary>
    public void Keep(int position, PaperTraining training)
    {
        _trainings = [.. _trainings.Take(position), training];
        store.SaveTrainings(key, steps, new KeptTrainings(fingerprint, _trainings));
    }
}
