namespace AnalogHil.Precision.Learning;

/// <summary>
/// The second-order form of precision learning (Garg et al. 2021, eq. 14, expanded about the clean network): minimise sum_j s_j / E_j
/// under sum_j n_j E_j = B sum_j n_j. Entries j are layers or output channels, in graph order.
/// </summary>
/// <param name="Sensitivity">s, expected loss of one read (E = 1) of the part of the noise that averages; nats summed over the same images for all entries, not negative.</param>
/// <param name="Cost">n, multiply-accumulates of one repeat for one image, those of both passes counted; positive.</param>
public sealed record AllocationProblem(double[] Sensitivity, double[] Cost)
{
    /// <summary>Number of entries.</summary>
    public int Count => Cost.Length;

    /// <summary>sum_j n_j, the cost of one read of everything.</summary>
    public double TotalCost => Cost.Sum();

    /// <summary>Energy of the optimum over that of the uniform plan with the same loss, in (0, 1]: rho = (sum sqrt(s n))^2 / (sum s * sum n), without limits on E.</summary>
    public double PredictedGain()
    {
        double root = 0;
        for (int j = 0; j < Count; j++)
        {
            root += Math.Sqrt(Sensitivity[j] * Cost[j]);
        }

        double total = Sensitivity.Sum();
        return total > 0 ? root * root / (total * TotalCost) : 1;
    }

    /// <summary>The optimum without limits, E_j = B sum n sqrt(s_j / n_j) / sum_k sqrt(s_k n_k), with <paramref name="meanEnergy"/> = B per MAC.</summary>
    public double[] WarmStart(double meanEnergy)
    {
        double root = 0;
        for (int j = 0; j < Count; j++)
        {
            root += Math.Sqrt(Sensitivity[j] * Cost[j]);
        }

        double[] energy = new double[Count];
        for (int j = 0; j < Count; j++)
        {
            energy[j] = root > 0 ? meanEnergy * TotalCost * Math.Sqrt(Sensitivity[j] / Cost[j]) / root : meanEnergy;
        }

        return energy;
    }

    /// <summary>The problem whose warm start has the shape of <paramref name="energy"/>: s_j = n_j E_j^2. Turns a learned E into something that integers can be allocated for.</summary>
    public static AllocationProblem FromEnergy(ReadOnlySpan<double> energy, double[] cost)
    {
        double[] sensitivity = new double[cost.Length];
        for (int j = 0; j < cost.Length; j++)
        {
            sensitivity[j] = cost[j] * energy[j] * energy[j];
        }

        return new AllocationProblem(sensitivity, cost);
    }
}
