package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"kerbside"
	"kerbside/service"
)

const sampleWorker = "Sample worker"

// addSample puts a recording in as a visit of a sample worker, once, and gives that worker's sign-in link. folder, when it is not "", holds the case that it belongs
// to, and earlier visits.
func (s *server) addSample(ctx context.Context, manager kerbside.User, path, folder string) (token string, err error) {
	people, err := s.service.People(ctx, manager)
	if err != nil {
		return "", err
	}
	var worker kerbside.User
	for _, u := range people {
		if u.Name == sampleWorker {
			worker = u
		}
	}
	fresh := worker.ID == ""
	if fresh {
		token, worker, err = s.service.Invite(ctx, manager, service.PersonInput{Name: sampleWorker, Role: kerbside.RoleWorker})
	} else {
		token, err = s.service.NewLink(ctx, manager, worker.ID)
	}
	if err != nil {
		return "", err
	}
	var in kerbside.CaseID
	if fresh && folder != "" {
		if in, err = s.addSampleCase(ctx, manager, worker, folder); err != nil {
			return "", err
		}
	}
	f, err := openRegular(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	_, err = s.service.UploadFile(ctx, worker, service.RecordingInput{ClientID: "sample-" + filepath.Base(path), Name: filepath.Base(path), Kind: kerbside.KindDebrief, Case: in}, f)
	return token, err
}

// addSampleCase puts in a case and notes of earlier visits, in the order of their days.
func (s *server) addSampleCase(ctx context.Context, manager, worker kerbside.User, folder string) (kerbside.CaseID, error) {
	cases, err := openRegular(filepath.Join(folder, "cases.csv"))
	if err != nil {
		return "", err
	}
	defer cases.Close()
	report, err := s.service.ImportCases(ctx, manager, cases, false)
	if err != nil {
		return "", err
	}
	if len(report.Faults) > 0 {
		return "", usageError{"The cases of the sample cannot be read: " + report.Faults[0]}
	}
	rows, err := s.service.Cases(ctx, worker)
	if err != nil || len(rows) == 0 {
		return "", err
	}
	id := rows[0].Case.ID
	notes, err := filepath.Glob(filepath.Join(folder, "????-??-??.txt"))
	if err != nil {
		return "", err
	}
	for _, path := range notes {
		text, err := os.ReadFile(path) //nolint:gosec // a folder that whoever starts the server names
		if err != nil {
			return "", openError(path, err)
		}
		v, err := s.service.StartVisit(ctx, worker, service.VisitInput{Date: strings.TrimSuffix(filepath.Base(path), ".txt")})
		if err == nil {
			err = s.service.SetCase(ctx, worker, v.ID, id)
		}
		if err == nil {
			err = s.service.AddNote(ctx, worker, v.ID, string(text))
		}
		if err != nil {
			return "", err
		}
	}
	return id, nil
}
