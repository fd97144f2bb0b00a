namespace UniPo.Engine;

/// <summary>Rows are stored in whole lanes of sixteen; the places left over hold zeros.</summary>
internal static class Padding
{
    /// <summary>The next multiple of 16.</summary>
    public static int Up(int count) => (count + 15) & ~15;

    /// <summary>Rows a buffer needs so that blocks of sixteen may run over its end; a multiple of eight.</summary>
    public static int Rows(int rows) => (rows + 23) & ~7;
}
