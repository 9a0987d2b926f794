using AnalogHil.Core.Statistics;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;

namespace AnalogHil.Precision.Search.Drops;

/// <summary>
/// Whether a network agrees with the labels more often than labels in any other order would let it. Noise takes nothing from agreement by chance: with
/// labels of other images no energy loses accuracy, and each would be accepted.
/// </summary>
/// <param name="network">The network, without noise.</param>
/// <param name="images">The examples that it is judged on.</param>
internal sealed class ChanceAgreement(INetwork network, LabelledImages images)
{
    /// <summary>Examples that are enough to tell: of 500 with two classes as frequent, a network that is right on 56 %.</summary>
    public const int Telling = 500;

    // Labels in a wrong order pass in one of 200 data sets.
    private const double Level = 0.99;

    private readonly long[] _answers = new long[network.Classes];
    private readonly long[] _labels = new long[network.Classes];
    private long _right;
    private long _count;

    /// <summary>Counts more examples.</summary>
    /// <param name="logits">[count x classes].</param>
    /// <param name="labels">[count].</param>
    public void Add(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            int answer = Correctness.Answer(logits.Slice(i * network.Classes, network.Classes));
            if (answer >= 0)
            {
                _answers[answer]++;
            }

            _labels[labels[i]]++;
            _right += answer == labels[i] ? 1 : 0;
            _count++;
        }
    }

    /// <summary>Refuses what was counted where the lower 99 % limit (Wilson) of the accuracy is not above the agreement to be expected of the same answers and labels in any order.</summary>
    /// <exception cref="PrecisionException">It is not.</exception>
    public void Require()
    {
        double chance = _answers.Zip(_labels, (answered, labelled) => (double)answered * labelled).Sum() / ((double)_count * _count);
        Interval limits = ProportionInterval.Wilson(_right, _count, Level);
        if (network.Classes > 1 && !(limits.Low > chance))
        {
            throw new PrecisionException(
                PrecisionFault.Data,
                FormattableString.Invariant($"{network.Name} without noise is right on {100.0 * _right / _count:0.0} % [{100 * limits.Low:0.0}, {100 * limits.High:0.0}] ({100 * Level:0} %) ")
                    + FormattableString.Invariant($"of {_count} examples of {images.Name}, and would be on {100 * chance:0.0} % with their labels in any order{(_labels.Count(count => count > 0) == 1 ? ", which are of one class alone" : "")}: a drop from there says nothing; ")
                    + "check that the labels belong to these examples and count classes as the model does, and the preprocessing (hil model eval)");
        }
    }
}
