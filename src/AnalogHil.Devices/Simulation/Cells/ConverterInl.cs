namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>
/// Integral nonlinearity of one converter, end-point fit: an S-shape and a bow, zero at -1, 0 and 1, mixed by an angle that is the
/// converter's own. Each shape peaks at 1, so that the error stays below sqrt(2) times the peak.
/// </summary>
internal readonly struct ConverterInl
{
    // Peaks of x - x^3 at 1 / sqrt(3) and of x^2 - x^4 at 1 / sqrt(2).
    private const double OddPeak = 0.38490017945975050;
    private const double EvenPeak = 0.25;

    private readonly float _odd;
    private readonly float _even;

    /// <param name="peak">Share of full scale.</param>
    /// <param name="angle">Radians; 0 is a pure S-shape, half of pi a pure bow.</param>
    public ConverterInl(double peak, double angle)
    {
        _odd = (float)(peak * Math.Cos(angle) / OddPeak);
        _even = (float)(peak * Math.Sin(angle) / EvenPeak);
    }

    /// <summary>What comes out for <paramref name="x"/> in units of full scale; unchanged outside [-1, 1].</summary>
    public float Apply(float x) => x + Error(x);

    /// <summary>Deviation from the straight line, in units of full scale.</summary>
    public float Error(float x)
    {
        float square = x * x;
        return square >= 1 ? 0 : (1 - square) * (_odd * x + _even * square);
    }
}
