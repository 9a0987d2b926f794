namespace AnalogHil.Devices.Guarding;

/// <summary>
/// Tells of each block whether more of its reads hit the end of the converter's range than are allowed, and not merely by chance: of a call with 64 reads, two are within
/// what an allowed hundredth brings.
/// </summary>
/// <remarks>
/// Judged are the call alone (a fault is seen at once) and all calls of the block together (a small excess is seen where no call could show it), the latter in pools of
/// <see cref="PooledProducts"/> dot products, so that a long good past does not hide a change. A share is refused where Hoeffding's bound
/// P(share of n &gt;= s) &lt;= exp(-n KL(s || allowed)) is below <see cref="FalseAlarms"/> (W. Hoeffding, J. Am. Stat. Assoc. 58, 13, 1963, theorem 1). n counts dot products,
/// not reads: the K reads of one product lie at the range's end together, and the bound holds for their means. It takes the products of a call as independent; inputs that
/// drive many columns beyond the range at once are refused more often than stated, as are columns with many reads beside columns with few. At an allowed hundredth it
/// refuses 4 products of 4, 9 of 64, 157 of 10,000.
/// </remarks>
/// <param name="allowed">Largest share, in [0, 1]; 0 allows none, 1 all.</param>
internal sealed class SaturationWatch(double allowed)
{
    /// <summary>Most false alarms that a call at the allowed share can bring, of each of the two judgements.</summary>
    public const double FalseAlarms = 1e-6;

    /// <summary>Dot products after which a block's pool begins anew.</summary>
    public const long PooledProducts = 100_000;

    private static readonly double _sure = -Math.Log(FalseAlarms);
    private readonly Dictionary<int, Share> _pools = [];

    /// <summary>Counts a call's reads.</summary>
    /// <param name="block">Block.</param>
    /// <param name="products">Dot products of the call: vectors x columns, at least 1.</param>
    /// <param name="reads">Reads of the call, at least 1.</param>
    /// <param name="saturated">How many of them hit the end of the range, 0 .. <paramref name="reads"/>.</param>
    /// <returns>The share to refuse, of the call or of the block's calls so far; null where there is none.</returns>
    public Share? Exceeded(int block, int products, long reads, long saturated)
    {
        var call = new Share(1, products, reads, saturated);
        Share pool = _pools.TryGetValue(block, out Share before) && before.Products < PooledProducts ? before.With(call) : call;
        _pools[block] = pool;
        return IsExcess(call) ? call : IsExcess(pool) ? pool : null;
    }

    /// <summary>Forgets every block: what is programmed now reads other values.</summary>
    public void Clear() => _pools.Clear();

    private bool IsExcess(Share found)
    {
        double share = (double)found.Saturated / found.Reads;
        return share > allowed && found.Products * Divergence(share, allowed) >= _sure;
    }

    // KL(share || limit) of two Bernoulli shares, nats; infinite where the limit is 0.
    private static double Divergence(double share, double limit) =>
        share * Math.Log(share / limit) + (share < 1 ? (1 - share) * Math.Log((1 - share) / (1 - limit)) : 0);

    /// <summary>Reads of some calls of a block.</summary>
    /// <param name="Calls">Calls.</param>
    /// <param name="Products">Their dot products.</param>
    /// <param name="Reads">Their reads.</param>
    /// <param name="Saturated">Reads at the end of the range.</param>
    internal readonly record struct Share(int Calls, long Products, long Reads, long Saturated)
    {
        public Share With(Share more) => new(Calls + more.Calls, Products + more.Products, Reads + more.Reads, Saturated + more.Saturated);
    }
}
