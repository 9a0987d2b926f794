namespace AnalogHil.Precision.Search.Drops;

/// <summary>
/// A smooth monotone curve through the tried budgets: drop = A exp(-b t) and psi = C exp(-c t), t = ln E, weighted towards a centre. A plan
/// is read off the curve, never off its own point: the luckiest of many points is luckier than its plan.
/// </summary>
internal sealed class DropCurve
{
    // To second order the drop goes as the variance, that is as 1 / E; measured curves fall with powers of 1 to 1.5. Discordance falls
    // with the size of the noise, E^-1/2. The priors only matter while there are few points.
    private const double DropPower = 1.2;
    private const double DiscordancePower = 0.6;
    private const double PowerSpread = 0.4;
    private const double Bandwidth = 0.5;

    private readonly Exponential _drop;
    private readonly Exponential _discordance;

    /// <summary>Fits.</summary>
    /// <param name="points">Tried budgets.</param>
    /// <param name="centre">ln E around which the fit must be good.</param>
    public DropCurve(IReadOnlyList<SearchPoint> points, double centre)
    {
        double[] t = [.. points.Select(point => Math.Log(point.Energy))];

        // Points share their images, so their differences have the noise of the draws alone: about half of psi for each.
        double[] weight =
        [
            .. points.Select((point, i) => (double)point.Images * point.Seeds / Math.Max(0.5 * point.Discordance, 1e-4)
                * Math.Exp(-0.5 * Math.Pow((t[i] - centre) / Bandwidth, 2))),
        ];
        _drop = Exponential.Fit(t, [.. points.Select(point => point.Drop)], weight, centre, DropPower);
        _discordance = Exponential.Fit(t, [.. points.Select(point => point.Discordance)], weight, centre, DiscordancePower);
    }

    // Far from its points an exponential leaves what a drop can be.
    public double Drop(double logEnergy) => Math.Clamp(_drop.At(logEnergy), -1, 1);

    public double Discordance(double logEnergy) => Math.Clamp(_discordance.At(logEnergy), Math.Abs(Drop(logEnergy)), 1);

    /// <summary>d drop / d ln E, at most 0.</summary>
    public double Slope(double logEnergy) => -_drop.Power * _drop.At(logEnergy);

    private readonly record struct Exponential(double Height, double Power, double Centre)
    {
        public double At(double t) => Height * Math.Exp(-Power * (t - Centre));

        public static Exponential Fit(double[] t, double[] y, double[] weight, double centre, double prior)
        {
            var best = default(Exponential);
            double least = double.PositiveInfinity;
            for (double power = 0; power <= 4; power += 0.02)
            {
                double cross = 0;
                double square = 1e-300;
                for (int i = 0; i < t.Length; i++)
                {
                    double shape = Math.Exp(-power * (t[i] - centre));
                    cross += weight[i] * shape * y[i];
                    square += weight[i] * shape * shape;
                }

                var candidate = new Exponential(cross / square, power, centre);
                double misfit = Math.Pow((power - prior) / PowerSpread, 2);
                for (int i = 0; i < t.Length; i++)
                {
                    double residual = y[i] - candidate.At(t[i]);
                    misfit += weight[i] * residual * residual;
                }

                if (misfit < least)
                {
                    least = misfit;
                    best = candidate;
                }
            }

            // A drop below zero must not grow with energy: noise that helps is luck.
            return best.Height < 0 ? best with { Power = 0 } : best;
        }
    }
}
