using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Precision.Twin;

/// <summary>Squared noise of one layer, image by image, on both sides.</summary>
/// <remarks>
/// Elements of one image share inputs, and on a device they may share noise; images do not. So the image is the unit: with D_i and M_i the
/// sums over image i, ratio r = sum D / sum M has variance n / (n - 1) sum (D_i - r M_i)^2 / (sum M)^2, whatever the elements do. An image that comes again adds to its own
/// sums and stays one unit.
/// </remarks>
internal sealed class LayerTally
{
    private readonly List<double> _device = [];
    private readonly List<double> _model = [];
    private double _bias;

    public int Images => _device.Count;

    public long Elements { get; private set; }

    /// <summary>How often an image was added; more than <see cref="Images"/> where some came again.</summary>
    public long Visits { get; private set; }

    /// <summary>Half-width of the ratio's 95 % interval; not a number where the model is silent and the device is not.</summary>
    public double HalfWidth => Interval().HalfWidth;

    /// <summary>Whether the ratio's 95 % interval and <paramref name="allowed"/> have anything in common.</summary>
    public bool MayLieIn(Interval allowed) => Interval() is var found && found.High >= allowed.Low && found.Low <= allowed.High;

    /// <summary>Adds an image's sums of squared noise and of squared bias (the latter unbiased, so perhaps negative).</summary>
    /// <param name="image">The image: one that was added before, or the next.</param>
    /// <param name="device">Squared noise of the device.</param>
    /// <param name="model">Squared noise of the model.</param>
    /// <param name="bias">Squared bias.</param>
    /// <param name="elements">Elements in each sum.</param>
    public void Add(int image, double device, double model, double bias, long elements)
    {
        if (image == _device.Count)
        {
            _device.Add(0);
            _model.Add(0);
        }

        _device[image] += device;
        _model[image] += model;
        _bias += bias;
        Elements += elements;
        Visits++;
    }

    /// <summary>The comparison of a layer.</summary>
    /// <param name="name">Name of the node.</param>
    /// <param name="rounding">Squared error that rounding the inputs is expected to add to one image at one visit, summed over elements.</param>
    public TwinLayer ToLayer(string name, double rounding) => new(name, Ratio(), Interval(), BiasOverNoise(), Images, Elements)
    {
        UnexplainedBias = Unexplained(rounding),
    };

    private double Ratio()
    {
        double model = _model.Sum();
        double device = _device.Sum();

        // Neither side has any noise: they agree.
        return model > 0 ? device / model : device > 0 ? double.PositiveInfinity : 1;
    }

    private Interval Interval()
    {
        double ratio = Ratio();
        double model = _model.Sum();
        if (model == 0)
        {
            return new Interval(ratio, ratio);
        }

        // One image says nothing about the spread between images.
        if (Images < 2)
        {
            return new Interval(0, double.PositiveInfinity);
        }

        double n = Images;
        double squares = 0;
        for (int i = 0; i < Images; i++)
        {
            double residual = _device[i] - ratio * _model[i];
            squares += residual * residual;
        }

        double error = Math.Sqrt(n / (n - 1) * squares) / model;
        double t = StudentT.InvCDF(0, 1, n - 1, 0.975);
        return new Interval(ratio - t * error, ratio + t * error);
    }

    private double BiasOverNoise()
    {
        double noise = _device.Sum();
        return noise > 0 ? Math.Sqrt(Math.Max(0, _bias) / noise) : _bias > 0 ? double.PositiveInfinity : 0;
    }

    private double Unexplained(double rounding)
    {
        double noise = _device.Sum();
        return noise > 0 ? Math.Max(0, _bias - rounding * Visits) / noise : 0;
    }
}
