using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Simulation;

/// <summary>The staged bank, the one in force and the one before it.</summary>
internal sealed class SettingsBanks
{
    private RedundancySettings? _previous;
    private RedundancySettings? _staged;
    private Dictionary<int, BlockRedundancy> _byBlock = [];

    public RedundancySettings Active { get; private set; } = RedundancySettings.Unrepeated;

    /// <summary>An empty staged bank reads as <see cref="RedundancySettings.Unrepeated"/>.</summary>
    public RedundancySettings Staged => _staged ?? RedundancySettings.Unrepeated;

    public void Clear()
    {
        _previous = null;
        _staged = null;
        Activate(RedundancySettings.Unrepeated);
    }

    public void Stage(RedundancySettings settings, IReadOnlyDictionary<int, ProgrammedBlock> blocks, DeviceCapabilities capabilities)
    {
        var seen = new HashSet<int>();
        foreach (BlockRedundancy block in settings.Blocks)
        {
            if (!seen.Add(block.Block))
            {
                throw Invalid($"settings name block {block.Block} twice; name every block once");
            }

            if (!blocks.TryGetValue(block.Block, out ProgrammedBlock? programmed))
            {
                throw Invalid($"settings name block {block.Block}, which is not programmed; program it first");
            }

            if (block.Mode == RedundancyMode.SpatialCopies || !capabilities.MaxRepeats.TryGetValue(block.Mode, out int most))
            {
                throw Invalid(
                    $"block {block.Block}: {block.Mode} is not a time redundancy this device offers ({string.Join(", ", capabilities.MaxRepeats.Keys.Where(mode => mode != RedundancyMode.SpatialCopies).Order())}); choose one of these");
            }

            int entries = block.Repeats.IsDefault ? 0 : block.Repeats.Length;
            if (entries != 1 && (entries != programmed.Columns || !capabilities.RepeatsPerColumn))
            {
                throw Invalid(
                    $"block {block.Block}: {entries} repeat counts, allowed are 1{(capabilities.RepeatsPerColumn ? $" or {programmed.Columns} (one per column)" : "")}");
            }

            foreach (int repeats in block.Repeats)
            {
                if (repeats < 1 || repeats > most)
                {
                    throw Invalid($"block {block.Block}: K = {repeats}, {block.Mode} allows 1 to {most}; change K");
                }
            }
        }

        _staged = settings;
    }

    public void Commit(string expectedHash)
    {
        if (_staged is null)
        {
            throw Invalid("nothing is staged; stage settings before the commit");
        }

        string hash = _staged.Hash();
        if (hash != expectedHash)
        {
            throw new DeviceException(
                DeviceFault.Contradiction, $"staged settings have hash {hash}, {expectedHash} was expected; read back, stage again");
        }

        _previous = Active;
        Activate(_staged);
        _staged = null;
    }

    public void RollBack()
    {
        if (_staged is null && _previous is null)
        {
            throw Invalid("nothing to roll back: nothing is staged and nothing was committed since programming");
        }

        _staged = null;
        if (_previous is not null)
        {
            Activate(_previous);
            _previous = null;
        }
    }

    /// <summary>Settings of a block; null means K = 1.</summary>
    public BlockRedundancy? Of(int block) => _byBlock.GetValueOrDefault(block);

    private void Activate(RedundancySettings settings)
    {
        Active = settings;
        _byBlock = settings.Blocks.ToDictionary(block => block.Block);
    }

    private static DeviceException Invalid(string message) => new(DeviceFault.InvalidRequest, message);
}
