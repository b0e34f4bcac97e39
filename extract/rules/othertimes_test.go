package rules

import (
	"testing"

	"kerbside"
)

// What a child did at another time or place does not say that the worker saw it, and what it did before the worker does.
func TestSeenThenAndThere(t *testing.T) {
	yes, no, open := kerbside.Yes, kerbside.No, kerbside.NotStated
	const visit = "Child in need visit, Megan's ten, Thursday at home. Mum, Ros, was in. Ros made tea. "
	wantFacts(t, map[string][3]string{
		visit + "Megan stayed at her nan's on Sunday.":                                {open, "", ""},
		visit + "Megan came home drunk on Saturday.":                                  {open, "", ""},
		visit + "Megan walked out of school on Monday.":                               {open, "", ""},
		visit + "Megan was there when her dad hit Ros.":                               {open, "", ""},
		visit + "Megan watched her dad hit Ros.":                                      {open, "", ""},
		visit + "Megan attended her review.":                                          {open, "", ""},
		visit + "Megan hugged her dad at contact.":                                    {open, "", ""},
		visit + "Megan walked the dog before school.":                                 {open, "", ""},
		visit + "Megan was in a fight.":                                               {open, "", ""},
		visit + "Megan was in foster care until May.":                                 {open, "", ""},
		visit + "Megan is home by four most days.":                                    {open, "", ""},
		visit + "Megan cried at bedtime, Ros says.":                                   {open, "", ""},
		visit + "Megan picked up a chest infection.":                                  {open, "", ""},
		visit + "Megan opened up to her mentor.":                                      {open, "", ""},
		visit + "I saw Megan last week at school.":                                    {open, "", ""},
		visit + "I last saw Megan in January.":                                        {open, "", ""},
		visit + "I should have seen Megan.":                                           {open, "", ""},
		visit + "Megan was upstairs and wouldn't come down.":                          {open, "", ""},
		visit + "Megan spoke to me through the bedroom door.":                         {open, "", ""},
		visit + "Ros rang Megan and put her on speaker. She said she's fine.":         {open, "", ""},
		visit + "Megan was in the lounge doing a jigsaw.":                             {yes, "", ""},
		visit + "Megan came in from school while I was there.":                        {yes, "", ""},
		visit + "Megan sat on the stairs most of the time I was there.":               {yes, "", ""},
		visit + "Megan was in on Thursday and showed me her rabbit.":                  {yes, "", ""},
		visit + "Megan spoke to me through the door, then she came out and sat down.": {yes, "", ""},
		visit + "Megan wouldn't come down, then she did. She drew me a horse.":        {yes, "", ""},
		visit + "I saw Megan. I'd seen her last week as well.":                        {yes, "", ""},
		visit + "Megan wasn't there, I saw her last week.":                            {no, "", ""},
	})
}
