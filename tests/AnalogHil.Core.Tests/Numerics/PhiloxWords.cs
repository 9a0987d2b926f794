namespace AnalogHil.Core.Tests.Numerics;

/// <summary>The words that Gaussian numbers are made of, fast enough for test batteries: <see cref="PhiloxReference.Block"/> without its arrays.</summary>
internal static class PhiloxWords
{
    /// <summary>Words of one block.</summary>
    public static void Block(ulong key, ulong block, Span<uint> words)
    {
        (uint c0, uint c1, uint c2, uint c3) = ((uint)block, (uint)(block >> 32), 0u, 0u);
        (uint k0, uint k1) = ((uint)key, (uint)(key >> 32));
        for (int round = 0; round < 10; round++)
        {
            ulong product0 = 0xD2511F53UL * c0;
            ulong product1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(product1 >> 32) ^ c1 ^ k0, (uint)product1, (uint)(product0 >> 32) ^ c3 ^ k1, (uint)product0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        words[0] = c0;
        words[1] = c1;
        words[2] = c2;
        words[3] = c3;
    }
}
