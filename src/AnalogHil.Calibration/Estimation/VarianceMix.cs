namespace AnalogHil.Calibration.Estimation;

/// <summary>
/// Maximum likelihood for variances that are sums of known shapes with unknown non-negative strengths theta: each sample variance is
/// chi-square distributed about <c>Known + X theta</c>. The score equations are those of least squares with weights dof / (2 v^2), so Fisher
/// scoring is non-negative weighted least squares, repeated.
/// </summary>
internal sealed class VarianceMix
{
    // A variance of exactly zero (no noise, ideal converter) has no logarithm; this far below the largest one it changes no figure.
    private const double Floor = 1e-12;

    private readonly IReadOnlyList<VarianceObservation> _observations;
    private readonly double _smallest;

    /// <summary>Fits. At least one observation must be positive.</summary>
    public VarianceMix(IReadOnlyList<VarianceObservation> observations)
    {
        _observations = observations;
        Parameters = observations[0].Regressors.Length;
        _smallest = Floor * observations.Max(observation => observation.Variance);
        Theta = Fit(-1, 0);
        MinimumDeviance = Deviance(Theta);
    }

    /// <summary>p.</summary>
    public int Parameters { get; }

    /// <summary>Estimates, not negative.</summary>
    public double[] Theta { get; }

    /// <summary>-2 log likelihood at <see cref="Theta"/>, up to a constant.</summary>
    public double MinimumDeviance { get; }

    /// <summary>How far the observations lie from any law of this shape: chi-square with (observations - p) degrees of freedom when it holds.</summary>
    public double Misfit => MinimumDeviance - _observations.Sum(o => o.Dof * (Math.Log(Math.Max(o.Variance, _smallest)) + 1));

    /// <summary>Increase of the deviance when theta_j is held at <paramref name="value"/> and the others are free: chi-square with 1 degree of freedom at the
    /// truth.</summary>
    public double Profile(int parameter, double value) => Math.Max(0, Deviance(Fit(parameter, value)) - MinimumDeviance);

    /// <summary>Estimates of all parameters when theta_j is held at <paramref name="value"/>.</summary>
    public double[] ThetaAt(int parameter, double value) => Fit(parameter, value);

    /// <summary>Value above the estimate at which <see cref="Profile"/> reaches <paramref name="rise"/>.</summary>
    public double UpperLimit(int parameter, double rise)
    {
        double low = Theta[parameter];
        double step = Math.Max(StandardError(parameter), 1e-9 * low);
        double high = low + step;
        for (int i = 0; i < 200 && Profile(parameter, high) < rise; i++)
        {
            low = high;
            step *= 1.6;
            high += step;
        }

        return Bisect(parameter, rise, low, high);
    }

    /// <summary>Value below the estimate at which <see cref="Profile"/> reaches <paramref name="rise"/>; 0 when it does not.</summary>
    public double LowerLimit(int parameter, double rise) =>
        Profile(parameter, 0) <= rise ? 0 : Bisect(parameter, rise, Theta[parameter], 0);

    /// <summary>Standard error of theta_j from the expected information at the estimate.</summary>
    public double StandardError(int parameter)
    {
        double[,] information = Information([.. _observations.Select(o => o.Dof)]);
        return Math.Sqrt(SymmetricSolver.Inverse(information)[parameter, parameter]);
    }

    /// <summary>Expected information about theta at the estimate if observation i had <paramref name="dof"/>[i] degrees of freedom.</summary>
    public double[,] Information(ReadOnlySpan<double> dof)
    {
        double[,] information = new double[Parameters, Parameters];
        for (int i = 0; i < _observations.Count; i++)
        {
            double v = Variance(_observations[i], Theta);
            double weight = dof[i] / (2 * v * v);
            double[] x = _observations[i].Regressors;
            for (int j = 0; j < Parameters; j++)
            {
                for (int k = 0; k < Parameters; k++)
                {
                    information[j, k] += weight * x[j] * x[k];
                }
            }
        }

        return information;
    }

    /// <summary>Fitted variance of observation <paramref name="index"/>.</summary>
    public double Fitted(int index) => Variance(_observations[index], Theta);

    private double Bisect(int parameter, double rise, double inside, double outside)
    {
        for (int i = 0; i < 60 && Math.Abs(outside - inside) > 1e-7 * Math.Abs(outside + inside); i++)
        {
            double middle = 0.5 * (inside + outside);
            if (Profile(parameter, middle) < rise)
            {
                inside = middle;
            }
            else
            {
                outside = middle;
            }
        }

        return 0.5 * (inside + outside);
    }

    private double Variance(VarianceObservation observation, double[] theta)
    {
        double v = observation.Known;
        for (int j = 0; j < theta.Length; j++)
        {
            v += observation.Regressors[j] * theta[j];
        }

        return Math.Max(v, _smallest);
    }

    private double Deviance(double[] theta)
    {
        double sum = 0;
        foreach (VarianceObservation o in _observations)
        {
            double v = Variance(o, theta);
            sum += o.Dof * (Math.Log(v) + Math.Max(o.Variance, _smallest) / v);
        }

        return sum;
    }

    /// <summary>Maximum likelihood with theta[held] fixed at <paramref name="value"/>; held -1 frees all.</summary>
    private double[] Fit(int held, double value)
    {
        double[] theta = held < 0 ? new double[Parameters] : (double[])Theta.Clone();
        if (held >= 0)
        {
            theta[held] = value;
        }

        double[] v = new double[_observations.Count];
        for (int i = 0; i < v.Length; i++)
        {
            v[i] = held < 0 ? Math.Max(_observations[i].Variance, _smallest) : Variance(_observations[i], theta);
        }

        double deviance = held < 0 ? double.PositiveInfinity : Deviance(theta);
        for (int iteration = 0; iteration < 100; iteration++)
        {
            double[] target = WeightedStep(v, theta, held);
            double[] trial = target;
            double next = Deviance(trial);
            for (int halving = 0; halving < 30 && next > deviance; halving++)
            {
                trial = [.. theta.Zip(trial, (from, to) => 0.5 * (from + to))];
                next = Deviance(trial);
            }

            double gain = deviance - next;
            if (gain < 0)
            {
                break;
            }

            theta = trial;
            deviance = next;
            for (int i = 0; i < v.Length; i++)
            {
                v[i] = Variance(_observations[i], theta);
            }

            if (gain < 1e-9)
            {
                break;
            }
        }

        return theta;
    }

    private double[] WeightedStep(double[] v, double[] theta, int held)
    {
        double[] hessian = new double[Parameters * Parameters];
        double[] linear = new double[Parameters];
        double largest = v.Max();
        for (int i = 0; i < v.Length; i++)
        {
            VarianceObservation o = _observations[i];
            double floored = Math.Max(v[i], 1e-6 * largest);
            double weight = o.Dof / (2 * floored * floored);
            double rest = o.Variance - o.Known - (held >= 0 ? o.Regressors[held] * theta[held] : 0);
            for (int j = 0; j < Parameters; j++)
            {
                if (j == held)
                {
                    continue;
                }

                linear[j] += weight * o.Regressors[j] * rest;
                for (int k = 0; k < Parameters; k++)
                {
                    hessian[j * Parameters + k] += k == held ? 0 : weight * o.Regressors[j] * o.Regressors[k];
                }
            }
        }

        double[] step = NonNegativeLeastSquares.Solve(hessian, linear);
        if (held >= 0)
        {
            step[held] = theta[held];
        }

        return step;
    }
}
