using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Comparison;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Search.Families;
using AnalogHil.Precision.Tests.Fakes;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Comparison;

/// <summary>How often the interval of five draws holds the energy that it is of: the figures that <see cref="FixedSetEnergy.Coverage"/> tells.</summary>
public class FixedSetCoverageTests(ITestOutputHelper output)
{
    private const double Drop = 0.02;
    private const double Noise = 1.3;

    [Theory]
    [InlineData(325, 2000, 0.91)]
    [InlineData(2000, 1000, 0.93)]
    public void Measure_OfSimulatedSets_HoldsTheEnergyAsOftenAsIsTold(int images, int sets, double told)
    {
        const int Seed = 5;
        int held = 0;
        int determined = 0;
        for (int set = 0; set < sets; set++)
        {
            var scene = new Scene(images, new MersenneTwister(Seed + 7919 * set + images));
            FixedSetEnergy found = scene.Measure();
            determined += found.Reached ? 1 : 0;
            held += found.Reached && Holds(found.Energy.Interval, scene.Truth) ? 1 : 0;
        }

        // Half a unit of the last digit that is told on either side.
        Interval share = ProportionInterval.ClopperPearson(held, determined, 1 - 1e-6);
        Interval usual = ProportionInterval.ClopperPearson(held, determined);
        output.WriteLine($"seed {Seed}: {held} of {determined} ({sets} sets of {images}), {(double)held / determined:0.0000} [{usual.Low:0.0000}, {usual.High:0.0000}] at 95 %; false alarms 1e-6");
        Assert.InRange(told, share.Low - 0.005, share.High + 0.005);
        Assert.Contains(FormattableString.Invariant($"{told:0.00}"), FixedSetEnergy.Coverage, StringComparison.Ordinal);
    }

    private static bool Holds(Interval interval, double value) => interval.Low <= value && value <= interval.High;

    // Margins are normal with mean and standard deviation 1, of images that are right without noise. A draw has one standard normal for each image at all
    // energies: wrong where the noise, of standard deviation 1.3 / sqrt(E), takes the whole margin.
    private sealed class Scene
    {
        private readonly double[] _margins;
        private readonly double[][] _flips;

        public Scene(int images, Random random)
        {
            _margins = [.. Enumerable.Range(0, images).Select(_ => Margin(random))];
            _flips = [.. Enumerable.Range(0, 5).Select(_ => Flips(random))];
        }

        /// <summary>E at which the expected drop over draws is two points.</summary>
        public double Truth
        {
            get
            {
                double low = -20;
                double high = 20;
                for (int i = 0; i < 60; i++)
                {
                    double t = 0.5 * (low + high);
                    double spread = Noise / Math.Exp(0.5 * t);
                    (low, high) = _margins.Average(margin => Normal.CDF(0, spread, -margin)) > Drop ? (t, high) : (low, t);
                }

                return Math.Exp(low);
            }
        }

        public FixedSetEnergy Measure()
        {
            var network = new CountedNetwork(_margins.Length, Wrong);
            var layout = new PlanLayout(network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage);
            var comparison = new FixedSetComparison(network, network, network.Images(), new FixedSetOptions { Drop = Drop, Batch = _margins.Length });
            return comparison.Measure(ShapeFamily.Uniform(layout, 1e-6, 1e9), default);
        }

        private int Wrong(double energy, int draw)
        {
            int at = Array.BinarySearch(_flips[draw], -energy);
            return at < 0 ? ~at : at;
        }

        // Minus the energy below which each image is wrong, in rising order.
        private double[] Flips(Random random)
        {
            double[] flips = [.. _margins.Select(margin =>
            {
                double z = Normal.Sample(random, 0, 1);
                return z < 0 ? -(Noise * z / margin) * (Noise * z / margin) : 0;
            })];
            Array.Sort(flips);
            return flips;
        }

        private static double Margin(Random random)
        {
            double margin;
            do
            {
                margin = Normal.Sample(random, 1, 1);
            }
            while (margin <= 0);

            return margin;
        }
    }
}
