import java.io.FileInputStream;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

/** Validates the files that are named against PDF/UA-1 and prints what fails. */
public class Check {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        int failed = 0;
        for (String file : files) {
            try (var parser = Foundries.defaultInstance().createParser(new FileInputStream(file), PDFAFlavour.PDFUA_1)) {
                var result = Foundries.defaultInstance().createValidator(PDFAFlavour.PDFUA_1, false).validate(parser);
                System.out.printf("%s: %s, %d checks%n", new java.io.File(file).getName(), result.isCompliant() ? "PDF/UA-1" : "NOT PDF/UA-1", result.getTotalAssertions());
                if (!result.isCompliant()) {
                    failed++;
                }
                var faults = new TreeSet<String>();
                for (var t : result.getTestAssertions()) {
                    if (t.getStatus() != TestAssertion.Status.PASSED) {
                        faults.add(t.getRuleId().getClause() + "-" + t.getRuleId().getTestNumber() + " " + t.getMessage());
                    }
                }
                faults.forEach(f -> System.out.println("  " + f));
            }
        }
        System.exit(failed == 0 ? 0 : 1);
    }
}
