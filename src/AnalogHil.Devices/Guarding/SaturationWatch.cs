namespace AnalogHil.Devices.Guarding;

/// <summary>
/// Tells of each block whether more of its reads hit the end of the converter's range than are allowed, and not merely by chance: of a call with 64 reads, two are within
/// what an allowed hundredth brings.
/// </summary>
/// <remarks>
/// Judged are the call alone (a fault is seen at once) and all calls of the block together (a small excess is seen where no call could show it), the latter in pools of
/// <see cref="PooledProducts"/> dot products, so that a long good past does not hide a change. A share is refused where Hoeffding's bound
/// P(share of n &gt;= s) &lt;= exp(-n KL(s || allowed)) is below <see cref="FalseAlarms"/> (W. Hoeffding, J. Am. Stat. Assoc. 58, 13, 1963, theorem 1). n counts dot products,
/// not reads, for the K reads of one product lie at the range's end together; where K differs between products, n is reads over the largest K: weights of at most 1 keep the
/// bound. It takes products as independent. A call that drives many columns beyond the range at once is refused more often than stated, and calls that repeat the same inputs
/// are judged by the share of these inputs. At an allowed hundredth a call is refused from 4 products of 4, 9 of 64 or 157 of 10,000, and a pool from 1.17 %: less than that
/// passes, however long it lasts.
/// </remarks>
/// <param name="allowed">Largest share, in [0, 1]; 0 allows none, 1 all.</param>
internal sealed class SaturationWatch(double allowed)
{
    /// <summary>Most false alarms that a call at the allowed share can bring, of each of the two judgements.</summary>
    public const double FalseAlarms = 1e-6;

    /// <summary>Dot products after which a block's pool begins anew.</summary>
    public const double PooledProducts = 100_000;

    // A bound that equals the rate but for rounding, as 3 of 3 at a hundredth, is not below it.
    private static readonly double _sure = -Math.Log(FalseAlarms) * (1 + 1e-12);
    private readonly Dictionary<int, Share> _pools = [];

    /// <summary>Counts a call's reads. What is refused is told once: the block's pool begins anew with the next call.</summary>
    /// <param name="block">Block.</param>
    /// <param name="reads">Reads of the call, at least 0.</param>
    /// <param name="saturated">How many of them hit the end of the range, 0 .. <paramref name="reads"/>.</param>
    /// <param name="most">Reads of the product that is read most, K x copies, at least 1.</param>
    /// <returns>The share to refuse, of the call or of the block's calls so far; null where there is none.</returns>
    public Share? Exceeded(int block, long reads, long saturated, long most)
    {
        if (reads == 0)
        {
            return null;
        }

        var call = new Share(1, reads, saturated, (double)reads / most, (double)saturated / most);
        Share pool = _pools.TryGetValue(block, out Share before) && before.Products < PooledProducts ? before.With(call) : call;
        Share? refused = IsExcess(call) ? call : IsExcess(pool) ? pool : null;
        if (refused is null)
        {
            _pools[block] = pool;
        }
        else
        {
            _pools.Remove(block);
        }

        return refused;
    }

    /// <summary>Forgets every block: what is programmed now reads other values.</summary>
    public void Clear() => _pools.Clear();

    private bool IsExcess(Share found)
    {
        double share = found.SaturatedProducts / found.Products;
        return share > allowed && found.Products * Divergence(share, allowed) > _sure;
    }

    // KL(share || limit) of two Bernoulli shares, nats; infinite where the limit is 0.
    private static double Divergence(double share, double limit) =>
        share * Math.Log(share / limit) + (share < 1 ? (1 - share) * Math.Log((1 - share) / (1 - limit)) : 0);

    /// <summary>Reads of some calls of a block.</summary>
    /// <param name="Calls">Calls.</param>
    /// <param name="Reads">Their reads.</param>
    /// <param name="Saturated">Reads at the end of the range.</param>
    /// <param name="Products">Dot products that the reads count for: reads over the largest K, call by call.</param>
    /// <param name="SaturatedProducts">The same of the reads at the end of the range.</param>
    internal readonly record struct Share(int Calls, long Reads, long Saturated, double Products, double SaturatedProducts)
    {
        public Share With(Share more) =>
            new(Calls + more.Calls, Reads + more.Reads, Saturated + more.Saturated, Products + more.Products, SaturatedProducts + more.SaturatedProducts);
    }
}
