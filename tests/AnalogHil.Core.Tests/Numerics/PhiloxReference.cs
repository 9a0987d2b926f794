namespace AnalogHil.Core.Tests.Numerics;

/// <summary>Philox4x32-10 and Box-Muller written plainly, one number at a time in double precision: the oracle of the vectorised generator.</summary>
internal static class PhiloxReference
{
    public static uint[] Block(uint[] counter, uint key0, uint key1)
    {
        uint[] c = [.. counter];
        for (int round = 0; round < 10; round++)
        {
            ulong product0 = 0xD2511F53UL * c[0];
            ulong product1 = 0xCD9E8D57UL * c[2];
            c = [(uint)(product1 >> 32) ^ c[1] ^ key0, (uint)product1, (uint)(product0 >> 32) ^ c[3] ^ key1, (uint)product0];
            key0 += 0x9E3779B9;
            key1 += 0xBB67AE85;
        }

        return c;
    }

    public static double Gaussian(ulong key, ulong index)
    {
        ulong pair = index / 16 * 8 + index % 8;
        ulong block = pair / 2;
        uint[] words = Block([(uint)block, (uint)(block >> 32), 0, 0], (uint)key, (uint)(key >> 32));
        uint first = words[pair % 2 * 2];
        uint second = words[pair % 2 * 2 + 1];
        double uniform = ((first >> 1) + ((second & 0xFF) + 0.5) / 256) / 2147483648.0;
        double radius = Math.Sqrt(-2 * Math.Log(uniform)) * ((second & 0x100) != 0 ? -1 : 1);
        double angle = Math.PI * (((int)second >> 9) + 0.5) / 8388608;
        return radius * (index % 16 < 8 ? Math.Cos(angle) : Math.Sin(angle));
    }
}
