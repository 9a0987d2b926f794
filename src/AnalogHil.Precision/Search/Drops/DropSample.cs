using AnalogHil.Core.Statistics;
using AnalogHil.Engine;
using AnalogHil.Precision.Search.Budgets;

namespace AnalogHil.Precision.Search.Drops;

/// <summary>How often each image was right under one allocation's noise.</summary>
internal sealed class DropSample(EnergyPoint point, NodeNoise[] noise, bool[] clean)
{
    private readonly int[] _right = new int[clean.Length];

    public EnergyPoint Point { get; } = point;

    public NodeNoise[] Noise { get; } = noise;

    public double Energy { get; } = point.MeanEnergy;

    /// <summary>Images done by every draw.</summary>
    public int Images { get; private set; }

    /// <summary>Draws done for each of them.</summary>
    public int Seeds { get; private set; }

    /// <summary>Adds one draw of a range of images.</summary>
    public void Add(int first, ReadOnlySpan<bool> right)
    {
        for (int i = 0; i < right.Length; i++)
        {
            _right[first + i] += right[i] ? 1 : 0;
        }
    }

    /// <summary>States that all of the first images now have all draws.</summary>
    public void Complete(int images, int seeds)
    {
        Images = images;
        Seeds = seeds;
    }

    /// <summary>Share of the draws in which image <paramref name="image"/> was right.</summary>
    public double Right(int image) => (double)_right[image] / Seeds;

    /// <summary>What image <paramref name="image"/> adds to the drop, -1 .. 1.</summary>
    public double Lost(int image) => (clean[image] ? 1 : 0) - Right(image);

    public SearchPoint ToPoint()
    {
        double sum = 0;
        double squares = 0;
        double disagree = 0;
        for (int i = 0; i < Images; i++)
        {
            double difference = Lost(i);
            sum += difference;
            squares += difference * difference;
            disagree += Math.Abs(difference);
        }

        double drop = sum / Images;

        // Half a discordant pair is added: without any, the error is small, not zero.
        double error = Math.Sqrt((squares - Images * drop * drop + 0.5) / ((double)Images * Math.Max(Images - 1, 1)));
        return new SearchPoint(
            Energy, drop, error, new Interval(drop - 1.96 * error, drop + 1.96 * error), disagree / Images, Images, Seeds,
            [.. Point.Layers.Select(layer => layer.Average())]);
    }
}
