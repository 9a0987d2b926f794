namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>
/// Counts of independent events. Exact below a mean of 1E8: products of uniforms for small means, transformed rejection with squeeze
/// (Hoermann 1993, algorithm PTRS) for the others. Beyond, a rounded normal number, whose skewness is off by less than 1E-4.
/// </summary>
internal static class PoissonSampler
{
    /// <summary>Where the normal limit takes over.</summary>
    public const double NormalFrom = 1e8;

    /// <summary>One count of the mean <paramref name="mean"/> (negative reads as 0).</summary>
    public static double Draw(double mean, CellRandom random, NormalStream normals)
    {
        if (mean <= 0)
        {
            return 0;
        }

        if (mean < 10)
        {
            double limit = Math.Exp(-mean);
            double product = random.Uniform();
            int count = 0;
            while (product > limit)
            {
                product *= random.Uniform();
                count++;
            }

            return count;
        }

        return mean < NormalFrom ? Reject(mean, random) : Math.Max(0, Math.Round(mean + Math.Sqrt(mean) * normals.Next()));
    }

    private static double Reject(double mean, CellRandom random)
    {
        double root = Math.Sqrt(mean);
        double b = 0.931 + 2.53 * root;
        double a = -0.059 + 0.02483 * b;
        double squeeze = 0.9277 - 3.6224 / (b - 2);
        while (true)
        {
            double u = random.Uniform() - 0.5;
            double v = random.Uniform();
            double edge = 0.5 - Math.Abs(u);
            double count = Math.Floor((2 * a / edge + b) * u + mean + 0.43);
            if (edge >= 0.07 && v <= squeeze)
            {
                return count;
            }

            if (count < 0 || edge <= 0 || (edge < 0.013 && v > edge))
            {
                continue;
            }

            double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
            double density = count * Math.Log(mean) - mean - LogFactorial(count);
            if (Math.Log(v * inverseAlpha / (a / (edge * edge) + b)) <= density)
            {
                return count;
            }
        }
    }

    /// <summary>ln(n!) by Stirling's series from 10 on, by products below.</summary>
    internal static double LogFactorial(double n)
    {
        if (n < 10)
        {
            double product = 1;
            for (int i = 2; i <= n; i++)
            {
                product *= i;
            }

            return Math.Log(product);
        }

        double x = n + 1;
        double inverse = 1 / x;
        double square = inverse * inverse;
        return (x - 0.5) * Math.Log(x) - x + 0.91893853320467274
            + inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680)));
    }
}
