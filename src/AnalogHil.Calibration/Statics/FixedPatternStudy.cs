using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Statics;

/// <summary>
/// Spread of cells about their targets, split from read noise: it does not average over repeats and is no part of sigma. From an archived
/// <see cref="HadamardSweep"/>; each column's gain is fitted out.
/// </summary>
/// <param name="Pattern">Standard deviation of a cell's weight about its target, weight units; the lower limit is 0 where read noise explains all.</param>
/// <param name="ReadPart">Standard deviation of one cell's figure by read noise alone, weight units.</param>
/// <param name="Gains">Gain of every column.</param>
/// <param name="Responses">The cells.</param>
public sealed record FixedPatternStudy(
    Estimate Pattern, double ReadPart, ImmutableArray<(int Tile, int Column, double Gain)> Gains, ImmutableArray<CellResponse> Responses)
{
    /// <summary>Splits.</summary>
    /// <param name="archive">Reads of a whole sweep.</param>
    /// <param name="name">Name of the sweep.</param>
    /// <param name="targets">[Rows x Columns] as programmed; every column has a weight that is not 0.</param>
    /// <param name="confidence">Level of the interval.</param>
    /// <exception cref="ArgumentException">The sweep is incomplete or has no usable column.</exception>
    public static FixedPatternStudy Of(ArchivedReads archive, string name, ReadOnlySpan<float> targets, double confidence = 0.95)
    {
        ImmutableArray<CellResponse> responses = HadamardSweep.Decode(archive, name);
        int rows = archive.Provenance.FullScale.TileRows;
        int columns = archive.Provenance.Columns;
        var gains = ImmutableArray.CreateBuilder<(int, int, double)>();
        double between = 0;
        double cells = 0;
        double within = 0;
        double dof = 0;
        foreach (CellResponse response in responses)
        {
            foreach (int c in response.Columns)
            {
                double products = 0;
                double squares = 0;
                for (int row = 0; row < rows; row++)
                {
                    double target = targets[row * columns + c];
                    products += target * response.Value[row, c];
                    squares += target * target;
                }

                double gain = products / squares;
                gains.Add((response.Tile, c, gain));
                for (int row = 0; row < rows; row++)
                {
                    double deviation = response.Value[row, c] / gain - targets[row * columns + c];
                    between += deviation * deviation;
                }

                cells += rows - 1;
                within += response.Variance(c) / (gain * gain) * response.Dof(c);
                dof += response.Dof(c);
            }
        }

        if (cells == 0)
        {
            throw new ArgumentException($"the sweep {name} has no usable column of two rows or more", nameof(archive));
        }

        (double spread, double noise) = (between / cells, within / dof);
        Interval ratio = VarianceRatioInterval.Of(spread, cells, noise, dof, confidence);
        double Own(double f) => Math.Sqrt(Math.Max(0, f - 1) * noise);
        return new(new Estimate(Own(spread / noise), new Interval(Own(ratio.Low), Own(ratio.High)), "1", (long)cells, confidence), Math.Sqrt(noise),
            gains.ToImmutable(), responses);
    }
}
