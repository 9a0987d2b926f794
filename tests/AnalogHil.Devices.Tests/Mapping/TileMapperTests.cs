using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Tests.Simulation;

namespace AnalogHil.Devices.Tests.Mapping;

public sealed class TileMapperTests
{
    private static DeviceCapabilities Device(int rows, int columns, int tiles) =>
        (SimulatedBench.Options(new CrossbarPhysics(), 1) with { Rows = rows, Columns = columns, Tiles = tiles }).Capabilities;

    [Fact]
    public void Map_LongDotProduct_CutsNearEqualBlocksAtTheSameRows()
    {
        TileMap map = TileMapper.Map([new MatrixShape("conv", 864, 96, 1)], Device(256, 64, 64));
        MappedLayer layer = Assert.Single(map.Layers);
        Assert.Equal<int>([0, 216, 432, 648, 864], layer.RowStarts.AsEnumerable());
        Assert.Equal(8, layer.Blocks.Length);
        Assert.All(layer.Blocks, block => Assert.Equal(48, block.Columns));
        Assert.Equal(864 * 96, map.CellsUsed);
        Assert.Equal(64L * 256 * 64, map.CellsTotal);
    }

    [Fact]
    public void Map_Depthwise_SharesTilesBetweenGroups()
    {
        TileMap map = TileMapper.Map([new MatrixShape("dw", 9, 96, 96)], Device(64, 64, 8));
        Assert.Equal(96, map.Layers[0].Blocks.Length);
        Assert.Equal([0], map.Layers[0].Blocks.SelectMany(block => block.Copies).Select(at => at.Tile).Distinct());
        Assert.Equal(Enumerable.Range(0, 96), map.Layers[0].Blocks.Select(block => block.FirstChannel));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Map_RandomNetworks_CoverEveryWeightOnceAndNeverOverlap(int seed)
    {
        var random = new Random(seed);
        DeviceCapabilities device = Device(48, 40, 400);
        MatrixShape[] shapes =
        [
            .. Enumerable.Range(0, 12).Select(i =>
            {
                int groups = random.Next(4) == 0 ? random.Next(2, 20) : 1;
                return new MatrixShape($"layer{i}", random.Next(1, 200), groups * random.Next(1, groups > 1 ? 4 : 120), groups, random.Next(1, 4));
            }),
        ];
        TileMap map = TileMapper.Map(shapes, device);
        var cells = new HashSet<(int Tile, int Row, int Column)>();
        var numbers = new HashSet<int>();
        foreach (MappedLayer layer in map.Layers)
        {
            int[] seen = new int[layer.Shape.DotLength * layer.Shape.Channels];
            foreach (MappedBlock block in layer.Blocks)
            {
                Assert.True(numbers.Add(block.Block));
                Assert.Equal(layer.Shape.Copies, block.Copies.Length);
                Assert.Equal(block.Group, block.FirstChannel / (layer.Shape.Channels / layer.Shape.Groups));
                Assert.Contains(block.FirstRow, layer.RowStarts);
                Assert.Contains(block.FirstRow + block.Rows, layer.RowStarts);
                for (int row = 0; row < block.Rows; row++)
                {
                    for (int column = 0; column < block.Columns; column++)
                    {
                        seen[(block.FirstChannel + column) * layer.Shape.DotLength + block.FirstRow + row]++;
                        foreach (Placement at in block.Copies)
                        {
                            Assert.InRange(at.Row + row, 0, device.Rows - 1);
                            Assert.InRange(at.Column + column, 0, device.Columns - 1);
                            Assert.True(cells.Add((at.Tile, at.Row + row, at.Column + column)));
                        }
                    }
                }
            }

            Assert.All(seen, count => Assert.Equal(1, count));
        }

        Assert.Equal(map.CellsUsed, cells.Count);
    }

    [Fact]
    public void Map_TooManyCopies_NamesLayerShortfallAndRemedy()
    {
        MatrixShape[] shapes = [new("conv1", 60, 30, 1), new("fc1", 64, 32, 1, Copies: 8)];
        MappingException error = Assert.Throws<MappingException>(() => TileMapper.Map(shapes, Device(64, 32, 6)));
        Assert.Equal("fc1", error.Layer);
        Assert.Contains("needs 9 tiles of 64 x 32, the device has 6", error.Message, StringComparison.Ordinal);
        Assert.Contains("lower its copies to 5 or use time averaging", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_CopiesBeyondTheDevice_IsRefused()
    {
        MappingException error = Assert.Throws<MappingException>(
            () => TileMapper.Map([new MatrixShape("fc", 4, 4, 1, 9)], Device(64, 32, 100)));
        Assert.Contains("9 copies in space, the device offers at most 8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_GroupsThatDoNotDivide_IsRefused() =>
        Assert.Throws<ArgumentException>(() => TileMapper.Map([new MatrixShape("dw", 9, 10, 3)], Device(64, 32, 1)));

    [Fact]
    public async Task Build_MappedLayer_ComputesTheLayerOnADevice()
    {
        var random = new Random(5);
        SimulatedDeviceOptions options = SimulatedBench.Options(new CrossbarPhysics(), 1) with { Rows = 16, Columns = 8, Tiles = 40 };
        var shape = new MatrixShape("conv", 50, 24, 2);
        float[] weights = [.. Enumerable.Range(0, 24 * 50).Select(_ => random.NextSingle() * 6 - 3)];
        float[] scale = [.. Enumerable.Range(0, 24).Select(channel => weights.Skip(channel * 50).Take(50).Max(MathF.Abs))];
        MappedLayer layer = TileMapper.Map([shape], options.Capabilities).Layers[0];
        IReadOnlyList<BlockProgram> programs = BlockPrograms.Build(layer, weights, scale);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(options, [.. programs]);
        float[] input = [.. Enumerable.Range(0, 50).Select(_ => random.NextSingle() * 2 - 1)];
        double[] sums = new double[24];
        foreach (MappedBlock block in layer.Blocks)
        {
            float[] outputs = new float[block.Columns];
            await device.ExecuteAsync(new ExecuteRequest(block.Block, 1, input.AsMemory(block.FirstRow, block.Rows), outputs), default);
            for (int column = 0; column < block.Columns; column++)
            {
                sums[block.FirstChannel + column] += outputs[column] * scale[block.FirstChannel + column];
            }
        }

        for (int channel = 0; channel < 24; channel++)
        {
            Assert.Equal(Enumerable.Range(0, 50).Sum(k => (double)input[k] * weights[channel * 50 + k]), sums[channel], 1e-4);
        }
    }

    [Fact]
    public void Build_WeightBeyondFullScale_IsRefused()
    {
        MappedLayer layer = TileMapper.Map([new MatrixShape("fc", 2, 1, 1)], Device(64, 32, 1)).Layers[0];
        ArgumentException error = Assert.Throws<ArgumentException>(() => BlockPrograms.Build(layer, [1f, 2f], [1f]));
        Assert.Contains("layer fc channel 0: weight 2", error.Message, StringComparison.Ordinal);
    }
}
