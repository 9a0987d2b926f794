namespace AnalogHil.Engine.Tests.Onnx.Hostile;

/// <summary>Damage that knows nothing of the format: flipped bits, bytes lost, repeated or replaced, the end cut off.</summary>
internal static class ByteMutation
{
    // Structure sits in short runs between the weights, so most changes go to the first and last part of the file and to small bytes.
    public static byte[] Apply(byte[] file, Random random)
    {
        byte[] mutant = [.. file];
        int changes = 1 + random.Next(4);
        for (int i = 0; i < changes && mutant.Length > 0; i++)
        {
            int at = random.Next(3) == 0 ? random.Next(mutant.Length) : random.Next(Math.Min(mutant.Length, 2000));
            int size = Math.Min(1 + random.Next(8), mutant.Length - at);
            mutant = random.Next(7) switch
            {
                0 => [.. mutant[..at], (byte)(mutant[at] ^ (1 << random.Next(8))), .. mutant[(at + 1)..]],
                1 => [.. mutant[..at], (byte)random.Next(256), .. mutant[(at + 1)..]],
                2 => [.. mutant[..at], .. mutant[(at + size)..]],
                3 => [.. mutant[..at], .. mutant[at..(at + size)], .. mutant[at..]],
                4 => [.. mutant[..at], 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, .. mutant[(at + 1)..]],
                5 => mutant[..at],
                _ => [.. mutant[..at], (byte)(mutant[at] + 1), .. mutant[(at + 1)..]],
            };
        }

        return mutant;
    }
}
