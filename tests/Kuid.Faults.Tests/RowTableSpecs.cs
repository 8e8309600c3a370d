namespace Kuid.Faults.Tests;

/// <summary>tests/rows.tsv agrees with the tests.</summary>
public sealed class RowTableSpecs
{
    private const int Rows = 133;

    // What the suite promises; it never goes down.
    private const int LeastAutomated = 105;

    [Fact]
    public void The_table_has_every_row_of_the_catalogue_once_and_in_order() =>
        RowTable.Read().Select(row => row.Number).Should().Equal(Enumerable.Range(1, Rows));

    [Fact]
    public void Each_row_names_its_fault_and_says_that_it_is_automated_or_why_not() =>
        RowTable.Read().Should().OnlyContain(row => row.Fault.Length > 0 && row.Status.Length > 0);

    [Fact]
    public void Each_automated_row_has_a_test_that_bears_its_number()
    {
        IReadOnlyDictionary<int, string> tested = RowTable.Tested();

        RowTable.Read().Where(row => row.IsAutomated && !tested.ContainsKey(row.Number)).Should().BeEmpty(
            "the name of a test of row N begins with Row_N_");
    }

    [Fact]
    public void No_test_bears_the_number_of_a_row_that_the_table_calls_not_automated()
    {
        HashSet<int> automated = [.. RowTable.Read().Where(row => row.IsAutomated).Select(row => row.Number)];

        RowTable.Tested().Where(test => !automated.Contains(test.Key)).Should().BeEmpty(
            "a row with a test is `automated` in the third column of tests/rows.tsv");
    }

    [Fact]
    public void As_many_rows_are_automated_as_the_suite_promises() =>
        RowTable.Read().Count(row => row.IsAutomated).Should().BeGreaterThanOrEqualTo(LeastAutomated);

    [Theory]
    [InlineData("Row_3_each_job_is_there", new[] { 3 })]
    [InlineData("Row_45_131071_bytes_fit", new[] { 45 })]
    [InlineData("Rows_7_and_9_statuses", new[] { 7, 9 })]
    [InlineData("Rows_7_8_and_10_statuses", new[] { 7, 8, 10 })]
    [InlineData("row_54_zombies", new[] { 54 })]
    [InlineData("Rows_are_read", new int[0])]
    public void The_rows_of_a_test_stand_at_the_front_of_its_name(string name, int[] rows) =>
        RowTable.RowsOf(name).Should().Equal(rows);
}
